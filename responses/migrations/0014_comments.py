"""Comments and suggestions; triggers keep what they say from whoever writes SQL."""

import django.db.models.deletion
from django.db import migrations, models


WORDS = """statement_id, revision_id, variant_id, start, "end", quote, text, replacement, audience, side,
  by_id, by_name, via, written_at"""
TRIGGERS = [
    ("comment_keeps_words", f"BEFORE UPDATE OF {WORDS} ON responses_comment FOR EACH ROW"),
    ("comment_keeps_rows", "BEFORE DELETE ON responses_comment FOR EACH ROW"),
    ("comment_keeps_all", "BEFORE TRUNCATE ON responses_comment FOR EACH STATEMENT"),
    ("reply_keeps_rows", "BEFORE UPDATE OR DELETE ON responses_reply FOR EACH ROW"),
    ("reply_keeps_all", "BEFORE TRUNCATE ON responses_reply FOR EACH STATEMENT"),
]


def trigger(name, when):
    table = f"responses_{name.partition('_')[0]}"
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION refuse_change()", f"DROP TRIGGER {name} ON {table}"
    )


class Migration(migrations.Migration):

    dependencies = [
        ('responses', '0013_story_going_round'),
    ]

    operations = [
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start', models.PositiveIntegerField(blank=True, null=True)),
                ('end', models.PositiveIntegerField(blank=True, null=True)),
                ('quote', models.TextField(blank=True)),
                ('text', models.TextField(blank=True)),
                ('replacement', models.TextField(blank=True, null=True)),
                ('audience', models.CharField(choices=[('internal', 'only the agency'), ('client', 'the agency and the client')], default='internal', max_length=8)),
                ('side', models.CharField(choices=[('agency', 'agency'), ('client', 'client')], max_length=8)),
                ('by_id', models.CharField(max_length=60)),
                ('by_name', models.CharField(max_length=120)),
                ('via', models.CharField(max_length=12)),
                ('written_at', models.DateTimeField()),
                ('status', models.CharField(choices=[('open', 'open'), ('resolved', 'resolved'), ('applied', 'applied'), ('declined', 'declined')], default='open', max_length=8)),
                ('moved_by_id', models.CharField(blank=True, max_length=60)),
                ('moved_by_name', models.CharField(blank=True, max_length=120)),
                ('moved_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('version', models.PositiveIntegerField(default=1)),
                ('applied_in', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='suggestions_applied', to='responses.revision')),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='responses.revision')),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='responses.statement')),
                ('variant', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='responses.variant')),
            ],
            options={
                'ordering': ['written_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Reply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('side', models.CharField(choices=[('agency', 'agency'), ('client', 'client')], max_length=8)),
                ('by_id', models.CharField(max_length=60)),
                ('by_name', models.CharField(max_length=120)),
                ('via', models.CharField(max_length=12)),
                ('written_at', models.DateTimeField()),
                ('comment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='responses.comment')),
            ],
            options={
                'verbose_name_plural': 'replies',
                'ordering': ['written_at', 'pk'],
            },
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(fields=['statement', 'status'], name='comment_of_statement'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(condition=models.Q(('audience', 'client'), ('status', 'open')), fields=['written_at'], name='comment_waiting'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('end', None), ('quote', ''), ('start', None)), models.Q(('end__gt', models.F('start')), ('start__isnull', False), ('variant__isnull', False), models.Q(('quote', ''), _negated=True)), _connector='OR'), name='comment_place_whole_or_none'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('replacement', None), models.Q(('text', ''), _negated=True)), models.Q(('replacement__isnull', False), ('start__isnull', False), models.Q(('status', 'resolved'), _negated=True)), _connector='OR'), name='comment_says_or_suggests'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['applied', 'declined']), _negated=True), ('replacement__isnull', False), _connector='OR'), name='comment_only_suggestions_decided'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('applied_in__isnull', False), ('status', 'applied')), models.Q(models.Q(('status', 'applied'), _negated=True), ('applied_in', None)), _connector='OR'), name='comment_applied_in_revision'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.CheckConstraint(condition=models.Q(('side', 'agency'), ('audience', 'client'), _connector='OR'), name='comment_of_client_seen_by_client'),
        ),
        migrations.AddConstraint(
            model_name='reply',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='reply_says_something'),
        ),
        *(trigger(name, when) for name, when in TRIGGERS),
    ]
