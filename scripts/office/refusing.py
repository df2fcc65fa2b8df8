"""How a command says no: a sentence in Chinese, whoever refuses."""

from typing import Any

import click

from backend.core.errors import DomainError, NotFound

NOT_FOUND = "没有找到。请核对编号。"
MORE_HELP = "用 --help 看用法。"


class Refusing(click.Group):
    """Says a refusal as a sentence with its code and exits with 1; says misuse, and exits with 2."""

    def main(self, *args: Any, **options: Any) -> Any:
        context_options = {**options, "standalone_mode": False}
        try:
            ended = super().main(*args, **context_options)
        except click.ClickException as misuse:
            click.echo(f"{say(misuse)}{MORE_HELP}", err=True)
            ended = misuse.exit_code
        except click.Abort:
            click.echo("已取消。", err=True)
            ended = 1
        raise SystemExit(ended or 0)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DomainError as refusal:
            sentence = NOT_FOUND if isinstance(refusal, NotFound) else refusal.detail
            click.echo(f"{sentence}（{refusal.code}）", err=True)
            for texts in (refusal.errors or {}).values():
                for text in texts:
                    if text != refusal.detail:
                        click.echo(text, err=True)
            ctx.exit(1)


def say(misuse: click.ClickException) -> str:
    """click's own complaints in Chinese; ours are Chinese already."""
    if isinstance(misuse, click.NoSuchOption):
        return f"没有选项 {misuse.option_name}。"
    if isinstance(misuse, click.MissingParameter):
        return f"缺少 {name_of(misuse.param)}。"
    if isinstance(misuse, click.BadParameter):
        ours = misuse.message if is_chinese(misuse.message) else "填写不正确。"
        return f"{name_of(misuse.param)} {ours}"
    if is_chinese(misuse.message):
        return misuse.message
    return "没有这个命令，或者参数不对。"


def name_of(parameter: click.Parameter | None) -> str:
    if parameter is None:
        return "参数"
    return parameter.opts[0] if isinstance(parameter, click.Option) else (parameter.name or "").upper()


def is_chinese(text: str) -> bool:
    return any("\u4e00" <= sign <= "\u9fff" for sign in text)
