"""Documents leave the folder that /media/ serves; safe to run again after it was cut off at any point."""

import shutil
from pathlib import Path

import core.document_storage
from django.conf import settings
from django.db import migrations, models

FORMER = "documents/"


def move_out(apps, schema_editor):
    """Move each file from media/documents to documents, and take the folder out of the names that rows hold."""
    former, folder = _folders()
    documents = apps.get_model("core", "LibraryDocument").objects
    # Uploaded between the upgrade and this step.
    taken = set(documents.exclude(file__startswith=FORMER).values_list("file", flat=True))
    for document in documents.filter(file__startswith=FORMER):
        former_name = document.file.name.removeprefix(FORMER)
        name = f"{document.pk}-{former_name}" if former_name in taken else former_name
        _move(former / former_name, folder / name)
        documents.filter(pk=document.pk).update(file=name)
    # What no row knows would be open to everybody where it lies.
    for file in sorted(former.rglob("*")):
        name = str(file.relative_to(former))
        _move(file, folder / (f"former-{name}" if name in taken else name))


def move_back(apps, schema_editor):
    """Put the files where the version before looks for them."""
    former, folder = _folders()
    documents = apps.get_model("core", "LibraryDocument").objects
    for document in documents.exclude(file__startswith=FORMER):
        _move(folder / document.file.name, former / document.file.name)
        documents.filter(pk=document.pk).update(file=FORMER + document.file.name)


def _folders():
    return Path(settings.MEDIA_ROOT) / FORMER, Path(settings.DATA_DIR) / "documents"


def _move(file, target):
    """Move a file, so that at each moment it is whole in one place at least; do nothing if it was moved before."""
    if not file.is_file():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        file.replace(target)
    except OSError:
        # To another disk.
        unfinished = target.with_name(f".{target.name}.unfinished")
        shutil.copy2(file, unfinished)
        unfinished.replace(target)
        file.unlink()


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0004_outbox_expiry'),
    ]

    operations = [
        migrations.AlterField(
            model_name='librarydocument',
            name='file',
            field=models.FileField(storage=core.document_storage.document_storage, upload_to='', verbose_name='file'),
        ),
        migrations.RunPython(move_out, move_back),
    ]
