import core.fields
import core.labels
import django.core.validators
import django.db.models.deletion
import modelcluster.fields
import uuid
import wagtail.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('branches', '0001_initial'),
        ('core', '0002_initial'),
        ('wagtailcore', '0097_baselogentry_uuid_action_timestamp_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='EventIndexPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.page')),
                ('intro', models.TextField(blank=True, verbose_name='introduction')),
            ],
            options={
                'verbose_name': 'calendar of events',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(editable=False, max_length=80, unique=True, verbose_name='public key')),
                ('translation_key', models.UUIDField(editable=False, null=True, unique=True)),
                ('is_public', models.BooleanField(default=False, editable=False)),
                ('hidden_with_source', models.JSONField(default=dict, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('starts_on', models.DateField(help_text='Of a series: its first date.', null=True, verbose_name='first day')),
                ('starts_at', models.TimeField(blank=True, help_text='Empty: all day.', null=True, verbose_name='starts at')),
                ('ends_at', models.TimeField(blank=True, help_text='Earlier than the start: on the next day.', null=True, verbose_name='ends at')),
                ('ends_on', models.DateField(blank=True, help_text='Only if it lasts several days.', null=True, verbose_name='last day')),
                ('long_run', models.BooleanField(default=False, help_text='Shown as “on now”, not once a day.', verbose_name='exhibition or other long run')),
                ('repeat', models.CharField(blank=True, choices=[('', 'does not repeat'), ('daily', 'every day'), ('weekly', 'every week'), ('monthly-day', 'every month on the same day of the month'), ('monthly-weekday', 'every month on the same weekday, such as the second Tuesday'), ('monthly-last', 'every month on the last such weekday'), ('yearly', 'every year')], max_length=20, verbose_name='repeats')),
                ('repeat_every', models.PositiveSmallIntegerField(default=1, help_text='2 with “every week” is every second week.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(99)], verbose_name='every how many')),
                ('repeat_on', core.fields.ChoiceListField(blank=True, choices=[('MO', 'Monday'), ('TU', 'Tuesday'), ('WE', 'Wednesday'), ('TH', 'Thursday'), ('FR', 'Friday'), ('SA', 'Saturday'), ('SU', 'Sunday')], default=list, help_text="For weekly events; empty: the first day's weekday.", max_length=120, verbose_name='on')),
                ('repeat_until', models.DateField(blank=True, null=True, verbose_name='until')),
                ('repeat_count', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='or so many times')),
                ('left_out', wagtail.fields.StreamField([('date', 0)], blank=True, block_lookup={0: ('wagtail.blocks.DateBlock', (), {'icon': 'date', 'label': 'Date'})}, verbose_name='dates left out')),
                ('added', wagtail.fields.StreamField([('date', 4)], blank=True, block_lookup={0: ('wagtail.blocks.DateBlock', (), {'label': 'Date'}), 1: ('wagtail.blocks.TimeBlock', (), {'help_text': 'Empty: as usual.', 'label': 'Starts', 'required': False}), 2: ('wagtail.blocks.TimeBlock', (), {'label': 'Ends', 'required': False}), 3: ('core.label_block.LabelBlock', (), {'help_text': 'Only if this date is held somewhere else.', 'label': 'Elsewhere', 'required': False}), 4: ('wagtail.blocks.StructBlock', [[('date', 0), ('starts', 1), ('ends', 2), ('place', 3)]], {})}, verbose_name='further dates')),
                ('room', core.labels.LabelField(blank=True, default=dict, max_length=80, verbose_name='room')),
                ('place', core.labels.LabelField(blank=True, default=dict, help_text='If not at a branch: name and address.', max_length=200, verbose_name='place')),
                ('format', models.CharField(choices=[('onsite', 'on site'), ('online', 'online'), ('hybrid', 'on site and online')], default='onsite', max_length=10, verbose_name='format')),
                ('online_url', models.URLField(blank=True, verbose_name='address for taking part online')),
                ('held_in', core.fields.ChoiceListField(blank=True, choices=[('en', 'English'), ('uk', 'Ukrainian'), ('ru', 'Russian'), ('mk', 'Macedonian')], default=list, max_length=120, verbose_name='held in')),
                ('age_from', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='from age')),
                ('age_to', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='to age')),
                ('is_free', models.BooleanField(default=True, verbose_name='free of charge')),
                ('price', core.labels.LabelField(blank=True, default=dict, max_length=80, verbose_name='price')),
                ('capacity', models.PositiveIntegerField(blank=True, help_text='Empty: no limit.', null=True, verbose_name='seats')),
                ('registration', models.CharField(choices=[('none', 'no registration, just come'), ('link', 'by a link elsewhere')], default='none', max_length=10, verbose_name='registration')),
                ('registration_url', models.URLField(blank=True, verbose_name='address for registration')),
                ('state', models.CharField(choices=[('scheduled', 'as planned'), ('cancelled', 'cancelled'), ('postponed', 'postponed')], default='scheduled', editable=False, max_length=10)),
                ('state_reason', core.labels.LabelField(blank=True, default=dict, editable=False, max_length=200)),
                ('filters', models.JSONField(default=list, editable=False)),
                ('expanded_until', models.DateField(editable=False, null=True)),
                ('texts_stale', models.BooleanField(db_index=True, default=False, editable=False)),
                ('audiences', models.ManyToManyField(editable=False, related_name='events', to='core.audience')),
                ('branch', models.ForeignKey(blank=True, help_text='Empty for what is held elsewhere or only online.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='branches.branch', verbose_name='branch')),
                ('image', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='core.libraryimage', verbose_name='picture')),
                ('site', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wagtailcore.site')),
                ('source_page', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.page')),
                ('topics', models.ManyToManyField(editable=False, related_name='events', to='core.topic')),
            ],
            options={
                'verbose_name': 'event',
                'verbose_name_plural': 'events',
            },
        ),
        migrations.CreateModel(
            name='EventPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.page')),
                ('starts_on', models.DateField(help_text='Of a series: its first date.', null=True, verbose_name='first day')),
                ('starts_at', models.TimeField(blank=True, help_text='Empty: all day.', null=True, verbose_name='starts at')),
                ('ends_at', models.TimeField(blank=True, help_text='Earlier than the start: on the next day.', null=True, verbose_name='ends at')),
                ('ends_on', models.DateField(blank=True, help_text='Only if it lasts several days.', null=True, verbose_name='last day')),
                ('long_run', models.BooleanField(default=False, help_text='Shown as “on now”, not once a day.', verbose_name='exhibition or other long run')),
                ('repeat', models.CharField(blank=True, choices=[('', 'does not repeat'), ('daily', 'every day'), ('weekly', 'every week'), ('monthly-day', 'every month on the same day of the month'), ('monthly-weekday', 'every month on the same weekday, such as the second Tuesday'), ('monthly-last', 'every month on the last such weekday'), ('yearly', 'every year')], max_length=20, verbose_name='repeats')),
                ('repeat_every', models.PositiveSmallIntegerField(default=1, help_text='2 with “every week” is every second week.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(99)], verbose_name='every how many')),
                ('repeat_on', core.fields.ChoiceListField(blank=True, choices=[('MO', 'Monday'), ('TU', 'Tuesday'), ('WE', 'Wednesday'), ('TH', 'Thursday'), ('FR', 'Friday'), ('SA', 'Saturday'), ('SU', 'Sunday')], default=list, help_text="For weekly events; empty: the first day's weekday.", max_length=120, verbose_name='on')),
                ('repeat_until', models.DateField(blank=True, null=True, verbose_name='until')),
                ('repeat_count', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='or so many times')),
                ('left_out', wagtail.fields.StreamField([('date', 0)], blank=True, block_lookup={0: ('wagtail.blocks.DateBlock', (), {'icon': 'date', 'label': 'Date'})}, verbose_name='dates left out')),
                ('added', wagtail.fields.StreamField([('date', 4)], blank=True, block_lookup={0: ('wagtail.blocks.DateBlock', (), {'label': 'Date'}), 1: ('wagtail.blocks.TimeBlock', (), {'help_text': 'Empty: as usual.', 'label': 'Starts', 'required': False}), 2: ('wagtail.blocks.TimeBlock', (), {'label': 'Ends', 'required': False}), 3: ('core.label_block.LabelBlock', (), {'help_text': 'Only if this date is held somewhere else.', 'label': 'Elsewhere', 'required': False}), 4: ('wagtail.blocks.StructBlock', [[('date', 0), ('starts', 1), ('ends', 2), ('place', 3)]], {})}, verbose_name='further dates')),
                ('room', core.labels.LabelField(blank=True, default=dict, max_length=80, verbose_name='room')),
                ('place', core.labels.LabelField(blank=True, default=dict, help_text='If not at a branch: name and address.', max_length=200, verbose_name='place')),
                ('format', models.CharField(choices=[('onsite', 'on site'), ('online', 'online'), ('hybrid', 'on site and online')], default='onsite', max_length=10, verbose_name='format')),
                ('online_url', models.URLField(blank=True, verbose_name='address for taking part online')),
                ('held_in', core.fields.ChoiceListField(blank=True, choices=[('en', 'English'), ('uk', 'Ukrainian'), ('ru', 'Russian'), ('mk', 'Macedonian')], default=list, max_length=120, verbose_name='held in')),
                ('age_from', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='from age')),
                ('age_to', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='to age')),
                ('is_free', models.BooleanField(default=True, verbose_name='free of charge')),
                ('price', core.labels.LabelField(blank=True, default=dict, max_length=80, verbose_name='price')),
                ('capacity', models.PositiveIntegerField(blank=True, help_text='Empty: no limit.', null=True, verbose_name='seats')),
                ('registration', models.CharField(choices=[('none', 'no registration, just come'), ('link', 'by a link elsewhere')], default='none', max_length=10, verbose_name='registration')),
                ('registration_url', models.URLField(blank=True, verbose_name='address for registration')),
                ('lead', models.TextField(blank=True, max_length=400, verbose_name='in one or two sentences')),
                ('body', wagtail.fields.StreamField([('text', 0), ('image', 4), ('gallery', 7), ('documents', 10), ('table', 11), ('faq', 16), ('quote', 19), ('call_to_action', 24), ('video', 28)], blank=True, block_lookup={0: ('wagtail.blocks.RichTextBlock', (), {'features': ['h2', 'h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link', 'hr', 'blockquote'], 'label': 'Text'}), 1: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Picture'}), 2: ('wagtail.blocks.CharBlock', (), {'help_text': "For those who can't see it. Empty for pure ornament.", 'label': 'What it shows', 'max_length': 300, 'required': False}), 3: ('wagtail.blocks.CharBlock', (), {'label': 'Caption', 'max_length': 300, 'required': False}), 4: ('wagtail.blocks.StructBlock', [[('image', 1), ('alt', 2), ('caption', 3)]], {}), 5: ('wagtail.blocks.CharBlock', (), {'label': 'Heading', 'max_length': 120, 'required': False}), 6: ('wagtail.blocks.ListBlock', (4,), {'label': 'Pictures', 'min_num': 1}), 7: ('wagtail.blocks.StructBlock', [[('heading', 5), ('pictures', 6)]], {}), 8: ('wagtail.documents.blocks.DocumentChooserBlock', (), {}), 9: ('wagtail.blocks.ListBlock', (8,), {'label': 'Documents', 'min_num': 1}), 10: ('wagtail.blocks.StructBlock', [[('heading', 5), ('documents', 9)]], {}), 11: ('core.blocks.TableSectionBlock', (), {'table_options': {'contextMenu': ['row_above', 'row_below', '---------', 'col_left', 'col_right', '---------', 'remove_row', 'remove_col']}}), 12: ('wagtail.blocks.CharBlock', (), {'label': 'Question', 'max_length': 200}), 13: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'ol', 'ul', 'link'], 'label': 'Answer'}), 14: ('wagtail.blocks.StructBlock', [[('question', 12), ('answer', 13)]], {}), 15: ('wagtail.blocks.ListBlock', (14,), {'label': 'Questions', 'min_num': 1}), 16: ('wagtail.blocks.StructBlock', [[('heading', 5), ('questions', 15)]], {}), 17: ('wagtail.blocks.TextBlock', (), {'label': 'Words'}), 18: ('wagtail.blocks.CharBlock', (), {'label': 'Whose', 'max_length': 160, 'required': False}), 19: ('wagtail.blocks.StructBlock', [[('text', 17), ('source', 18)]], {}), 20: ('wagtail.blocks.CharBlock', (), {'label': 'What to do', 'max_length': 80}), 21: ('wagtail.blocks.PageChooserBlock', (), {'label': 'Page', 'required': False}), 22: ('wagtail.blocks.URLBlock', (), {'label': 'or address', 'required': False}), 23: ('wagtail.blocks.CharBlock', (), {'label': 'Note', 'max_length': 160, 'required': False}), 24: ('wagtail.blocks.StructBlock', [[('text', 20), ('page', 21), ('url', 22), ('note', 23)]], {}), 25: ('wagtail.blocks.URLBlock', (), {'label': 'Address of the video'}), 26: ('wagtail.blocks.CharBlock', (), {'label': 'Title', 'max_length': 160}), 27: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Still picture', 'required': False}), 28: ('wagtail.blocks.StructBlock', [[('url', 25), ('title', 26), ('still', 27)]], {})}, verbose_name='text')),
                ('audiences', modelcluster.fields.ParentalManyToManyField(blank=True, to='core.audience', verbose_name='for whom')),
                ('branch', models.ForeignKey(blank=True, help_text='Empty for what is held elsewhere or only online.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='branches.branch', verbose_name='branch')),
                ('image', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='core.libraryimage', verbose_name='picture')),
                ('topics', modelcluster.fields.ParentalManyToManyField(blank=True, to='core.topic', verbose_name='topics')),
            ],
            options={
                'verbose_name': 'event',
            },
            bases=('wagtailcore.page', models.Model),
        ),
        migrations.CreateModel(
            name='FeedVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveBigIntegerField(default=0)),
                ('site', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='wagtailcore.site')),
            ],
        ),
        migrations.CreateModel(
            name='IssuedKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('branch', 'branch'), ('audience', 'audience'), ('topic', 'topic'), ('held_in', 'held in')], max_length=10)),
                ('key', models.CharField(max_length=80)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'key'), name='events_issued_once')],
            },
        ),
        migrations.CreateModel(
            name='Occurrence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('slot', core.fields.LocalDateTimeField(help_text='The original local date and time given by the plan.')),
                ('planned_start', core.fields.LocalDateTimeField()),
                ('planned_end', core.fields.LocalDateTimeField()),
                ('moved_start', core.fields.LocalDateTimeField(null=True)),
                ('moved_end', core.fields.LocalDateTimeField(null=True)),
                ('local_start', core.fields.LocalDateTimeField()),
                ('local_end', core.fields.LocalDateTimeField()),
                ('zone', models.CharField(max_length=64)),
                ('all_day', models.BooleanField(default=False)),
                ('long_run', models.BooleanField(default=False, help_text='An exhibition, or whatever lasts longer than a week.')),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('place', core.labels.LabelField(blank=True, default=dict, max_length=200)),
                ('state', models.CharField(choices=[('scheduled', 'as planned'), ('cancelled', 'cancelled'), ('withdrawn', 'withdrawn')], default='scheduled', max_length=10)),
                ('cancelled', models.BooleanField(default=False, help_text='By an operation, whatever the plan says.')),
                ('reason', core.labels.LabelField(blank=True, default=dict, max_length=200, verbose_name='reason')),
                ('note', core.labels.LabelField(blank=True, default=dict, max_length=200, verbose_name='note')),
                ('sequence', models.PositiveIntegerField(default=0)),
                ('facts_digest', models.CharField(blank=True, max_length=32)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('branch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='occurrences', to='branches.branch')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='occurrences', to='events.event')),
                ('moved_branch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='branches.branch')),
                ('planned_branch', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='branches.branch')),
            ],
            options={
                'verbose_name': 'date',
                'verbose_name_plural': 'dates',
            },
        ),
        migrations.CreateModel(
            name='FormerFilter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('branch', 'branch'), ('audience', 'audience'), ('topic', 'topic'), ('held_in', 'held in')], max_length=10)),
                ('key', models.CharField(max_length=80)),
                ('occurrence', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_filters', to='events.occurrence')),
            ],
        ),
        migrations.CreateModel(
            name='OccurrenceText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=8)),
                ('text', models.TextField()),
                ('digest', models.CharField(max_length=32)),
                ('modified_at', models.DateTimeField()),
                ('occurrence', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='events.occurrence')),
            ],
        ),
        migrations.CreateModel(
            name='OperationLog',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('action', models.CharField(max_length=20)),
                ('details', models.JSONField(default=dict)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='operations', to='events.event')),
                ('occurrence', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='operations', to='events.occurrence')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-at',),
            },
        ),
        migrations.AddIndex(
            model_name='occurrence',
            index=models.Index(fields=['starts_at'], name='events_by_start'),
        ),
        migrations.AddIndex(
            model_name='occurrence',
            index=models.Index(condition=models.Q(('long_run', True)), fields=['ends_at'], name='events_by_end'),
        ),
        migrations.AddIndex(
            model_name='occurrence',
            index=models.Index(fields=['branch', 'starts_at'], name='events_by_branch'),
        ),
        migrations.AddConstraint(
            model_name='occurrence',
            constraint=models.UniqueConstraint(fields=('event', 'slot'), name='events_one_row_per_slot'),
        ),
        migrations.AddConstraint(
            model_name='occurrence',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gte', models.F('starts_at'))), name='events_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='formerfilter',
            constraint=models.UniqueConstraint(fields=('kind', 'key', 'occurrence'), name='events_one_tombstone_per_filter'),
        ),
        migrations.AddConstraint(
            model_name='occurrencetext',
            constraint=models.UniqueConstraint(fields=('occurrence', 'language'), name='events_one_text_per_language'),
        ),
    ]
