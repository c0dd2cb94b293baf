"""JupyterHub for a class on one machine: a server for each student, with the lessons in it.

    CLASS_PASSWORD=… jupyterhub -f classroom/jupyterhub_config.py

All that it keeps lies in a folder `class`, below the one in which it is started. The servers of all students belong to
whoever starts it: it is for people who trust each other. See docs/class.md.
"""

import os
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
LESSONS = HERE.parent / "notebooks"
CLASS = Path("class").resolve()
STUDENTS = CLASS / "students"


def bring_lessons(spawner):
    """Copy the lessons into a student's folder, but for those that are there: they may hold answers."""
    for lesson in sorted(LESSONS.glob("*/[0-9]*.ipynb")):
        copy = STUDENTS / spawner.user.name / lesson.parent.name / lesson.name
        copy.parent.mkdir(parents=True, exist_ok=True)
        if not copy.exists():
            shutil.copy(lesson, copy)


password = os.environ.get("CLASS_PASSWORD", "")
if len(password) < 8:
    sys.exit("CLASS_PASSWORD is the password of the class, and needs 8 letters or more.")
CLASS.mkdir(mode=0o700, exist_ok=True)

c = get_config()  # noqa: F821
c.JupyterHub.bind_url = "http://127.0.0.1:8000"
c.JupyterHub.db_url = f"sqlite:///{CLASS}/hub.sqlite"
c.JupyterHub.cookie_secret_file = str(CLASS / "cookie_secret")
c.ConfigurableHTTPProxy.pid_file = str(CLASS / "proxy.pid")
c.ConfigurableHTTPProxy.command = [str(HERE / "node_modules" / ".bin" / "configurable-http-proxy")]

c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = password
c.Authenticator.allow_all = True
c.Authenticator.username_pattern = "[a-z0-9][a-z0-9_-]{0,31}"  # it names a folder

c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = str(STUDENTS / "{username}")
c.Spawner.cmd = [str(Path(sys.executable).with_name("jupyterhub-singleuser"))]
c.Spawner.args = [f"--config={HERE / 'jupyter_server_config.py'}"]
c.Spawner.pre_spawn_hook = bring_lessons
c.Spawner.default_url = "/lab"
c.Spawner.start_timeout = c.Spawner.http_timeout = 180  # seconds: a whole class may come in at once
if os.geteuid() == 0:  # as in a container
    c.Spawner.args.append("--ServerApp.allow_root=True")
