import branches.hours_field
import core.labels
import core.models.network
import django.core.validators
import django.db.models.deletion
import modelcluster.fields
import modelsearch.index
import wagtail.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('wagtailcore', '0097_baselogentry_uuid_action_timestamp_indexes'),
    ]

    operations = [
        migrations.CreateModel(
            name='BranchIndexPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.page')),
                ('intro', models.TextField(blank=True, verbose_name='introduction')),
            ],
            options={
                'verbose_name': 'list of branches',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='Facility',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(help_text="Stands in addresses and feeds; it can't be changed later.", max_length=60, unique=True, verbose_name='key')),
                ('label', core.labels.LabelField(default=dict, max_length=80, verbose_name='label')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
                ('retired', models.BooleanField(default=False, help_text='Still answers in old links; no longer offered.', verbose_name='retired')),
                ('accessibility', models.BooleanField(default=False, help_text='Listed under “How to get in”.', verbose_name='matters for access')),
                ('site', models.ForeignKey(blank=True, help_text='Empty: for every site of this installation.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='wagtailcore.site', verbose_name='site')),
            ],
            options={
                'verbose_name': 'facility',
                'verbose_name_plural': 'facilities',
                'ordering': ('order', 'key'),
                'abstract': False,
            },
            bases=(modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name='Service',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(help_text="Stands in addresses and feeds; it can't be changed later.", max_length=60, unique=True, verbose_name='key')),
                ('label', core.labels.LabelField(default=dict, max_length=80, verbose_name='label')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
                ('retired', models.BooleanField(default=False, help_text='Still answers in old links; no longer offered.', verbose_name='retired')),
                ('description', core.labels.LabelField(blank=True, default=dict, max_length=400, verbose_name='description')),
                ('is_free', models.BooleanField(default=True, verbose_name='free of charge')),
                ('price', core.labels.LabelField(blank=True, default=dict, help_text='With its unit, such as “2 UAH a page”.', max_length=80, verbose_name='price')),
                ('site', models.ForeignKey(blank=True, help_text='Empty: for every site of this installation.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='wagtailcore.site', verbose_name='site')),
            ],
            options={
                'verbose_name': 'service',
                'verbose_name_plural': 'services',
                'ordering': ('order', 'key'),
                'abstract': False,
            },
            bases=(modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name='BranchPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.page')),
                ('street', core.labels.LabelField(blank=True, default=dict, max_length=160, verbose_name='street and number')),
                ('town', core.labels.LabelField(blank=True, default=dict, max_length=120, verbose_name='town or village')),
                ('postcode', models.CharField(blank=True, max_length=12, verbose_name='postcode')),
                ('latitude', models.DecimalField(blank=True, decimal_places=5, max_digits=8, null=True, validators=[django.core.validators.MinValueValidator(-90), django.core.validators.MaxValueValidator(90)], verbose_name='latitude')),
                ('longitude', models.DecimalField(blank=True, decimal_places=5, max_digits=8, null=True, validators=[django.core.validators.MinValueValidator(-180), django.core.validators.MaxValueValidator(180)], verbose_name='longitude')),
                ('phones', wagtail.fields.StreamField([('phone', 2)], blank=True, block_lookup={0: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('general', 'General'), ('lending', 'Lending desk'), ('children', "Children's section"), ('office', 'Administration'), ('events', 'Events')], 'label': 'Reaches'}), 1: ('wagtail.blocks.RegexBlock', (), {'error_messages': {'invalid': 'Digits, spaces and + only.'}, 'label': 'Number', 'regex': '^\\+?[0-9 ()\\-]{5,24}$'}), 2: ('wagtail.blocks.StructBlock', [[('kind', 0), ('number', 1)]], {})}, verbose_name='phones')),
                ('mails', wagtail.fields.StreamField([('mail', 2)], blank=True, block_lookup={0: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('general', 'General'), ('lending', 'Lending desk'), ('children', "Children's section"), ('office', 'Administration'), ('events', 'Events')], 'label': 'Reaches'}), 1: ('wagtail.blocks.EmailBlock', (), {'label': 'Address'}), 2: ('wagtail.blocks.StructBlock', [[('kind', 0), ('address', 1)]], {})}, verbose_name='mail addresses')),
                ('hours', branches.hours_field.HoursField(blank=True, default=dict, verbose_name='opening hours')),
                ('exceptions', wagtail.fields.StreamField([('exception', 5)], blank=True, block_lookup={0: ('wagtail.blocks.DateBlock', (), {'label': 'From'}), 1: ('wagtail.blocks.DateBlock', (), {'help_text': 'Empty: that one day.', 'label': 'To', 'required': False}), 2: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('staffed', 'With staff'), ('self-service', 'Self-service'), ('phone', 'By phone')], 'help_text': 'Empty: all of them.', 'label': 'Which hours', 'required': False}), 3: ('wagtail.blocks.CharBlock', (), {'help_text': 'Such as 10:00–14:00. Empty: closed.', 'label': 'Hours', 'required': False}), 4: ('core.label_block.LabelBlock', (), {'label': 'Reason', 'required': False}), 5: ('wagtail.blocks.StructBlock', [[('first', 0), ('last', 1), ('kind', 2), ('hours', 3), ('reason', 4)]], {})}, verbose_name='other hours and closures')),
                ('zone', models.CharField(choices=core.models.network.zone_choices, default=core.models.network.zone_default, max_length=64, verbose_name='time zone')),
                ('is_central', models.BooleanField(default=False, verbose_name='central library')),
                ('lead', models.TextField(blank=True, max_length=400, verbose_name='lead')),
                ('body', wagtail.fields.StreamField([('text', 0), ('image', 4), ('gallery', 7), ('documents', 10), ('table', 11), ('faq', 16), ('quote', 19), ('call_to_action', 24), ('video', 28)], blank=True, block_lookup={0: ('wagtail.blocks.RichTextBlock', (), {'features': ['h2', 'h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link', 'hr', 'blockquote'], 'label': 'Text'}), 1: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Picture'}), 2: ('wagtail.blocks.CharBlock', (), {'help_text': "For those who can't see it. Empty for pure ornament.", 'label': 'What it shows', 'max_length': 300, 'required': False}), 3: ('wagtail.blocks.CharBlock', (), {'label': 'Caption', 'max_length': 300, 'required': False}), 4: ('wagtail.blocks.StructBlock', [[('image', 1), ('alt', 2), ('caption', 3)]], {}), 5: ('wagtail.blocks.CharBlock', (), {'label': 'Heading', 'max_length': 120, 'required': False}), 6: ('wagtail.blocks.ListBlock', (4,), {'label': 'Pictures', 'min_num': 1}), 7: ('wagtail.blocks.StructBlock', [[('heading', 5), ('pictures', 6)]], {}), 8: ('wagtail.documents.blocks.DocumentChooserBlock', (), {}), 9: ('wagtail.blocks.ListBlock', (8,), {'label': 'Documents', 'min_num': 1}), 10: ('wagtail.blocks.StructBlock', [[('heading', 5), ('documents', 9)]], {}), 11: ('core.blocks.TableSectionBlock', (), {'table_options': {'contextMenu': ['row_above', 'row_below', '---------', 'col_left', 'col_right', '---------', 'remove_row', 'remove_col']}}), 12: ('wagtail.blocks.CharBlock', (), {'label': 'Question', 'max_length': 200}), 13: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'ol', 'ul', 'link'], 'label': 'Answer'}), 14: ('wagtail.blocks.StructBlock', [[('question', 12), ('answer', 13)]], {}), 15: ('wagtail.blocks.ListBlock', (14,), {'label': 'Questions', 'min_num': 1}), 16: ('wagtail.blocks.StructBlock', [[('heading', 5), ('questions', 15)]], {}), 17: ('wagtail.blocks.TextBlock', (), {'label': 'Words'}), 18: ('wagtail.blocks.CharBlock', (), {'label': 'Whose', 'max_length': 160, 'required': False}), 19: ('wagtail.blocks.StructBlock', [[('text', 17), ('source', 18)]], {}), 20: ('wagtail.blocks.CharBlock', (), {'label': 'What to do', 'max_length': 80}), 21: ('wagtail.blocks.PageChooserBlock', (), {'label': 'Page', 'required': False}), 22: ('wagtail.blocks.URLBlock', (), {'label': 'or address', 'required': False}), 23: ('wagtail.blocks.CharBlock', (), {'label': 'Note', 'max_length': 160, 'required': False}), 24: ('wagtail.blocks.StructBlock', [[('text', 20), ('page', 21), ('url', 22), ('note', 23)]], {}), 25: ('wagtail.blocks.URLBlock', (), {'label': 'Address of the video'}), 26: ('wagtail.blocks.CharBlock', (), {'label': 'Title', 'max_length': 160}), 27: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Still picture', 'required': False}), 28: ('wagtail.blocks.StructBlock', [[('url', 25), ('title', 26), ('still', 27)]], {})}, verbose_name='text')),
                ('photos', wagtail.fields.StreamField([('picture', 3)], blank=True, block_lookup={0: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Picture'}), 1: ('wagtail.blocks.CharBlock', (), {'help_text': "For those who can't see it. Empty for pure ornament.", 'label': 'What it shows', 'max_length': 300, 'required': False}), 2: ('wagtail.blocks.CharBlock', (), {'label': 'Caption', 'max_length': 300, 'required': False}), 3: ('wagtail.blocks.StructBlock', [[('image', 0), ('alt', 1), ('caption', 2)]], {})}, verbose_name='photos')),
                ('facilities', modelcluster.fields.ParentalManyToManyField(blank=True, to='branches.facility', verbose_name='facilities')),
                ('services', modelcluster.fields.ParentalManyToManyField(blank=True, to='branches.service', verbose_name='services')),
            ],
            options={
                'verbose_name': 'branch',
            },
            bases=('wagtailcore.page', models.Model),
        ),
        migrations.CreateModel(
            name='Branch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(editable=False, max_length=80, unique=True, verbose_name='public key')),
                ('translation_key', models.UUIDField(editable=False, null=True, unique=True)),
                ('is_public', models.BooleanField(default=False, editable=False)),
                ('hidden_with_source', models.JSONField(default=dict, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('street', core.labels.LabelField(blank=True, default=dict, max_length=160, verbose_name='street and number')),
                ('town', core.labels.LabelField(blank=True, default=dict, max_length=120, verbose_name='town or village')),
                ('postcode', models.CharField(blank=True, max_length=12, verbose_name='postcode')),
                ('latitude', models.DecimalField(blank=True, decimal_places=5, max_digits=8, null=True, validators=[django.core.validators.MinValueValidator(-90), django.core.validators.MaxValueValidator(90)], verbose_name='latitude')),
                ('longitude', models.DecimalField(blank=True, decimal_places=5, max_digits=8, null=True, validators=[django.core.validators.MinValueValidator(-180), django.core.validators.MaxValueValidator(180)], verbose_name='longitude')),
                ('phones', wagtail.fields.StreamField([('phone', 2)], blank=True, block_lookup={0: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('general', 'General'), ('lending', 'Lending desk'), ('children', "Children's section"), ('office', 'Administration'), ('events', 'Events')], 'label': 'Reaches'}), 1: ('wagtail.blocks.RegexBlock', (), {'error_messages': {'invalid': 'Digits, spaces and + only.'}, 'label': 'Number', 'regex': '^\\+?[0-9 ()\\-]{5,24}$'}), 2: ('wagtail.blocks.StructBlock', [[('kind', 0), ('number', 1)]], {})}, verbose_name='phones')),
                ('mails', wagtail.fields.StreamField([('mail', 2)], blank=True, block_lookup={0: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('general', 'General'), ('lending', 'Lending desk'), ('children', "Children's section"), ('office', 'Administration'), ('events', 'Events')], 'label': 'Reaches'}), 1: ('wagtail.blocks.EmailBlock', (), {'label': 'Address'}), 2: ('wagtail.blocks.StructBlock', [[('kind', 0), ('address', 1)]], {})}, verbose_name='mail addresses')),
                ('hours', branches.hours_field.HoursField(blank=True, default=dict, verbose_name='opening hours')),
                ('exceptions', wagtail.fields.StreamField([('exception', 5)], blank=True, block_lookup={0: ('wagtail.blocks.DateBlock', (), {'label': 'From'}), 1: ('wagtail.blocks.DateBlock', (), {'help_text': 'Empty: that one day.', 'label': 'To', 'required': False}), 2: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('staffed', 'With staff'), ('self-service', 'Self-service'), ('phone', 'By phone')], 'help_text': 'Empty: all of them.', 'label': 'Which hours', 'required': False}), 3: ('wagtail.blocks.CharBlock', (), {'help_text': 'Such as 10:00–14:00. Empty: closed.', 'label': 'Hours', 'required': False}), 4: ('core.label_block.LabelBlock', (), {'label': 'Reason', 'required': False}), 5: ('wagtail.blocks.StructBlock', [[('first', 0), ('last', 1), ('kind', 2), ('hours', 3), ('reason', 4)]], {})}, verbose_name='other hours and closures')),
                ('zone', models.CharField(choices=core.models.network.zone_choices, default=core.models.network.zone_default, max_length=64, verbose_name='time zone')),
                ('is_central', models.BooleanField(default=False, verbose_name='central library')),
                ('closed_until', models.DateTimeField(editable=False, null=True, verbose_name='closed until')),
                ('closed_reason', core.labels.LabelField(blank=True, default=dict, editable=False, max_length=200, verbose_name='reason')),
                ('site', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wagtailcore.site')),
                ('source_page', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.page')),
                ('facilities', models.ManyToManyField(editable=False, related_name='branches', to='branches.facility')),
                ('services', models.ManyToManyField(editable=False, related_name='branches', to='branches.service')),
            ],
            options={
                'verbose_name': 'branch',
                'verbose_name_plural': 'branches',
                'ordering': ('-is_central', 'key'),
            },
        ),
    ]
