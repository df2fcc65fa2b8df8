"""What a browser calls itself, shortened to what its owner recognises in the list of sign-ins."""

BROWSERS = {
    "MicroMessenger": "微信",
    "Edg": "Edge",
    "QQBrowser": "QQ 浏览器",
    "360": "360 浏览器",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "Windows": "Windows",
    "HarmonyOS": "鸿蒙",
    "Android": "安卓",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Mac OS": "Mac",
    "Linux": "Linux",
}
UNKNOWN = "其他浏览器"


def client_name(user_agent: str) -> str:
    names = [
        next((name for sign, name in known.items() if sign in user_agent), "")
        for known in (BROWSERS, SYSTEMS)
    ]
    return "，".join(name for name in names if name) or UNKNOWN
