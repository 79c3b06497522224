import sys
import types
from dataclasses import dataclass

try:
    import px.messages.render  # noqa
except ImportError:
    @dataclass(frozen=True)
    class TemplateParts:
        subject: str = ""
        body: str = ""
        sms: str = ""
        whatsapp: str = ""
    @dataclass(frozen=True)
    class Rendered:
        subject: str
        html: str | None
        text: str
    class TemplateFailed(Exception):
        pass
    def render(parts, context, channel, brand):
        if "{%" in parts.body: raise TemplateFailed("The body cannot be filled in.")
        def fill(t):
            for k, v in context.items(): t = t.replace("{{ %s }}" % k, str(v))
            return t
        return Rendered(fill(parts.subject), "<p>" + fill(parts.body) + "</p>" if channel=="email" else None, fill(parts.body))
    a = types.ModuleType("px.messages.render"); a.Rendered=Rendered; a.TemplateFailed=TemplateFailed; a.render=render
    b = types.ModuleType("px.messages.templates"); b.TemplateParts=TemplateParts
    sys.modules["px.messages.render"]=a; sys.modules["px.messages.templates"]=b
