import core.fields
import core.labels
import django.core.validators
import django.db.models.deletion
import wagtail.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0009_share_services'),
        ('wagtailcore', '0097_baselogentry_uuid_action_timestamp_indexes'),
    ]

    operations = [
        migrations.CreateModel(
            name='Navigation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('menu', wagtail.fields.StreamField([('link', 3)], blank=True, block_lookup={0: ('wagtail.blocks.PageChooserBlock', (), {'label': 'Page', 'required': False}), 1: ('wagtail.blocks.URLBlock', (), {'help_text': 'Instead of a page: the catalogue, for example.', 'label': 'Outside address', 'max_length': 500, 'required': False, 'validators': [django.core.validators.URLValidator(schemes=['http', 'https'])]}), 2: ('core.label_block.LabelBlock', (), {'help_text': 'May stay empty for a page: then readers see its title in their language.', 'label': 'Label', 'max_length': 60}), 3: ('wagtail.blocks.StructBlock', [[('page', 0), ('address', 1), ('label', 2)]], {})}, help_text='Without entries it shows the sections and the pages that are marked “Show in menus”, in the order of the page tree. Seven entries or fewer are taken in at a glance.', verbose_name='menu')),
                ('footer', wagtail.fields.StreamField([('column', 6)], blank=True, block_lookup={0: ('core.label_block.LabelBlock', (), {'label': 'Heading', 'max_length': 60, 'required': True}), 1: ('wagtail.blocks.PageChooserBlock', (), {'label': 'Page', 'required': False}), 2: ('wagtail.blocks.URLBlock', (), {'help_text': 'Instead of a page: the catalogue, for example.', 'label': 'Outside address', 'max_length': 500, 'required': False, 'validators': [django.core.validators.URLValidator(schemes=['http', 'https'])]}), 3: ('core.label_block.LabelBlock', (), {'help_text': 'May stay empty for a page: then readers see its title in their language.', 'label': 'Label', 'max_length': 60}), 4: ('wagtail.blocks.StructBlock', [[('page', 1), ('address', 2), ('label', 3)]], {}), 5: ('wagtail.blocks.ListBlock', (4,), {'collapsed': True, 'label': 'Entries', 'max_num': 10, 'min_num': 1}), 6: ('wagtail.blocks.StructBlock', [[('heading', 0), ('links', 5)]], {})}, help_text='Without columns the entries of the menu stand there. Contacts, feeds, display and languages are always in the footer.', verbose_name='columns of the footer')),
                ('known', models.JSONField(default=dict, editable=False)),
                ('site', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.CASCADE, to='wagtailcore.site')),
            ],
            options={
                'verbose_name': 'menu and footer',
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.CharField(choices=[('emergency', 'Emergency'), ('important', 'Important'), ('information', 'Information')], default='important', max_length=12, verbose_name='level')),
                ('text', core.labels.LabelField(default=dict, help_text="One or two sentences. A language left empty shows another one's text.", max_length=300, verbose_name='text')),
                ('begins', core.fields.LocalDateTimeField(help_text='By the clock of the network.', verbose_name='from')),
                ('ends', core.fields.LocalDateTimeField(blank=True, help_text='Empty: until somebody takes it down. Better say when it ends.', null=True, verbose_name='until')),
                ('address', models.URLField(blank=True, max_length=500, validators=[django.core.validators.URLValidator(schemes=['http', 'https'])], verbose_name='or an outside address')),
                ('link_text', core.labels.LabelField(blank=True, default=dict, help_text='May stay empty for a page: then it is its title.', max_length=80, verbose_name='text of the link')),
                ('page', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.page', verbose_name='page with more')),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='wagtailcore.site', verbose_name='site')),
            ],
            options={
                'verbose_name': 'notice',
                'verbose_name_plural': 'notices',
                'ordering': ('-begins', '-pk'),
            },
        ),
    ]
