from urllib.parse import urlencode

from django.db import migrations, models


def give_each_its_slot(apps, schema_editor):
    """What is kept already lies where its page will look: by its type and incident."""
    for copy in apps.get_model('responses', 'WorkingCopy').objects.filter(statement=None):
        known = {'type': copy.fields.get('type') or 'holding', 'incident': copy.fields.get('incident')}
        copy.slot = urlencode({name: value for name, value in known.items() if value})[:100]
        copy.save(update_fields=['slot'])


class Migration(migrations.Migration):

    dependencies = [
        ('responses', '0018_alert_of_all'),
    ]

    operations = [
        migrations.AddField(
            model_name='workingcopy',
            name='slot',
            field=models.CharField(blank=True, default='', max_length=100),
        ),
        migrations.RunPython(give_each_its_slot, migrations.RunPython.noop, elidable=True),
        migrations.RemoveConstraint(
            model_name='workingcopy',
            name='working_copy_new_once',
        ),
        migrations.AddConstraint(
            model_name='workingcopy',
            constraint=models.UniqueConstraint(condition=models.Q(('statement', None)), fields=('person_id', 'slot'), name='working_copy_new_once'),
        ),
    ]
