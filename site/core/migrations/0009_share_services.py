from django.db import migrations

import core.fields
import core.models.network
from core.share_links import usual_services


def as_usual_in_their_country(apps, schema_editor):
    for network in apps.get_model("core", "Network").objects.exclude(country=""):
        network.share_services = usual_services(network.country)
        network.save(update_fields=["share_services"])


class Migration(migrations.Migration):
    dependencies = [("core", "0008_catalogue")]

    operations = [
        migrations.AddField(
            model_name="network",
            name="share_services",
            field=core.fields.ChoiceListField(
                blank=True,
                choices=[
                    ("viber", "Viber"),
                    ("telegram", "Telegram"),
                    ("whatsapp", "WhatsApp"),
                    ("facebook", "Facebook"),
                    ("vk", "VK"),
                ],
                default=core.models.network.share_services_default,
                help_text="Links stand below events, articles and pages. VK is not allowed in Ukraine.",
                max_length=120,
                verbose_name="where pages can be shared",
            ),
        ),
        migrations.RunPython(as_usual_in_their_country, migrations.RunPython.noop),
    ]
