import struct

import pytest

from backend.wechat.accounts import WeChat
from backend.wechat.errors import WeChatUnavailable
from tests.backend.wechat.conftest import CODE
from tests.scripts.wechat_simulator.running import Simulator

PAGE = "pages/index/index"


def test_a_code_is_an_image_of_about_the_width_asked_for(wechat: WeChat) -> None:
    image = wechat.mini_program_code(scene="v=7Jk_2", page=PAGE, width=600)
    assert image.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", image[16:24])
    assert width == height
    assert 500 <= width <= 600


def test_a_jpeg_is_an_image_whatever_its_content_type_says(wechat: WeChat, simulator: Simulator) -> None:
    assert wechat.mini_program_code(scene="a", page=PAGE)  # a PNG, served as image/jpeg


@pytest.mark.parametrize("scene", ["", "a" * 33, "50%", "店", "a b", "a\n"])
def test_a_scene_that_wechat_refuses_is_a_mistake_of_ours(
    wechat: WeChat, simulator: Simulator, scene: str
) -> None:
    with pytest.raises(ValueError, match="scene"):
        wechat.mini_program_code(scene=scene, page=PAGE)
    assert simulator.calls(CODE) == []


@pytest.mark.parametrize("page", ["", "/pages/index/index", "pages/index?a=1", "页"])
def test_so_is_a_page_of_another_form(wechat: WeChat, page: str) -> None:
    with pytest.raises(ValueError, match="page"):
        wechat.mini_program_code(scene="a", page=page)


@pytest.mark.parametrize("width", [279, 1281])
def test_and_a_width_out_of_bounds(wechat: WeChat, width: int) -> None:
    with pytest.raises(ValueError, match="width"):
        wechat.mini_program_code(scene="a", page=PAGE, width=width)


def test_a_page_that_is_not_released_brings_no_image(wechat: WeChat, simulator: Simulator) -> None:
    with pytest.raises(WeChatUnavailable):
        wechat.mini_program_code(scene="a", page="pages/nowhere")
    assert [call["errcode"] for call in simulator.calls(CODE)] == [41030]


@pytest.mark.parametrize("mode", ["reset", "html200", "empty200", "jsonlist", "errcode", "half", "http500"])
def test_an_unclear_end_is_tried_once_more(wechat: WeChat, simulator: Simulator, mode: str) -> None:
    simulator.fault(CODE, mode)
    assert wechat.mini_program_code(scene="a", page=PAGE)
    simulator.fault(CODE, mode, times=None)
    with pytest.raises(WeChatUnavailable):
        wechat.mini_program_code(scene="a", page=PAGE)
    assert len(simulator.calls(CODE)) == 4


def test_a_refused_token_is_replaced_for_images_too(wechat: WeChat, simulator: Simulator) -> None:
    simulator.fault(CODE, "errcode", errcode=40001)
    assert wechat.mini_program_code(scene="a", page=PAGE)


def test_success_without_an_image_is_no_success(wechat: WeChat, simulator: Simulator) -> None:
    simulator.fault(CODE, "errcode", errcode=0, times=None)
    with pytest.raises(WeChatUnavailable):
        wechat.mini_program_code(scene="a", page=PAGE)
