"""The form of a picture: what comes from a phone is made fit for the site, or refused in a sentence."""

from django.core.exceptions import ValidationError
from django.forms import FileField
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from core import photographs
from core.models.images import PreparedFile, prepared

SENTENCES = {
    photographs.DrawingError: _("Drawings in SVG can carry scripts and are not taken. Save it as PNG."),
    photographs.NotAPictureError: _("This is not a picture, whatever its name says. Choose a photograph."),
    photographs.BrokenPictureError: _("The picture is damaged or was not copied to its end. Copy it once more."),
    photographs.MovingPictureError: _("Moving pictures are not taken, because nobody could stop them. Save a still."),
}


class PhotographFormField(WagtailImageField):
    """Takes a photograph as it comes from a phone."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        size = filesizeformat(self.max_upload_size)
        self.help_text = _(
            "Photos straight from the phone are fine: JPEG, HEIC, PNG, WebP or AVIF, at most %(size)s each. "
            "They are turned upright and made smaller, and the place where they were taken is left out."
        ) % {"size": size}

    def to_python(self, data):
        file = FileField.to_python(self, data)
        if file is None or isinstance(file, PreparedFile):
            return file
        self.check_image_file_size(file)
        try:
            return prepared(file, file.name)
        except photographs.TooManyPixelsError as error:
            raise ValidationError(_too_many_pixels(error), code="file_too_many_pixels") from error
        except photographs.PhotographError as error:
            raise ValidationError(_sentence(error), code="invalid_image") from error


def _sentence(error: photographs.PhotographError) -> str:
    return next(sentence for kind, sentence in SENTENCES.items() if isinstance(error, kind))


def _too_many_pixels(error: photographs.TooManyPixelsError) -> str:
    return _("The picture has more than %(most)d million pixels. Make it smaller on your device first.") % {
        "most": error.most // 1_000_000
    }


class ImageForm(BaseImageForm):
    """What is asked about a picture."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        plain = self.fields.get("file")
        if plain is not None:
            self.fields["file"] = PhotographFormField(
                label=plain.label, widget=plain.widget, required=plain.required, initial=plain.initial
            )

        if "consent" in self.fields:
            # Wagtail's uploader sends no more than a file and a name.
            self.fields["consent"].required = False

    def clean_consent(self):
        return self.cleaned_data["consent"] or self.instance.consent

    def save(self, commit=True):
        if any(name.startswith(("focal_point", "shown_until")) for name in self.changed_data):
            self.instance.sizes_due = True
        return super().save(commit=commit)
