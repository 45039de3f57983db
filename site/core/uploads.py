"""Uploads that are far too large: read to their end, as browsers want it, but not kept."""

from io import BytesIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

PICTURES = "/admin/images/"


class OversizedPicture(UploadedFile):
    """The empty shell of an upload: its name, and how large it was."""


class PictureLimitHandler(FileUploadHandler):
    """Drops what comes after the limit; the form sees a file of the true size without content, and refuses it."""

    def __init__(self, request=None):
        super().__init__(request)
        self.counts = bool(request) and request.path_info.startswith(PICTURES)
        self.most = settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.is_over = False

    def receive_data_chunk(self, raw_data, start):
        if not self.counts or start + len(raw_data) <= self.most:
            return raw_data
        if not self.is_over:
            self.is_over = True
            for handler in getattr(self.request, "upload_handlers", ()):
                # What they have kept so far goes at once.
                handler.upload_interrupted()
        return None

    def file_complete(self, file_size):
        if not self.counts or file_size <= self.most:
            return None
        return OversizedPicture(BytesIO(), self.file_name, self.content_type, file_size, self.charset)
