"""Workers' and beat's lines in the form that the settings name; Celery's own form where people read them."""

import logging

from celery import current_task
from celery.signals import after_setup_logger, after_setup_task_logger

from tracker.runtime.logs import formatter
from tracker.settings import load


@after_setup_logger.connect
@after_setup_task_logger.connect
def _in_our_form(logger: logging.Logger, **_: object) -> None:
    settings = load()
    if settings.log_format == "json":
        for handler in logger.handlers:
            handler.setFormatter(formatter(settings, _facts))


def _facts() -> dict[str, object]:
    if not current_task:
        return {}
    return {"task": current_task.name, "task_id": current_task.request.id}
