"""A label inside a StreamField: one text per language."""

from wagtail import blocks

from core.labels import LabelFormField, label_in


class LabelBlock(blocks.FieldBlock):
    """Holds {language code: text}."""

    def __init__(self, *, max_length: int = 200, required=False, help_text=None, **kwargs):
        self.field = LabelFormField(max_length=max_length, required=required, help_text=help_text)
        super().__init__(**kwargs)

    def get_default(self):
        return {}

    def get_searchable_content(self, value):
        return [text for text in (value or {}).values() if text]

    def render_basic(self, value, context=None):
        return label_in(value)

    class Meta:
        icon = "globe"
        default = {}
