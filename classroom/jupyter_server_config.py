"""What the server of each student is told, on one machine and in the image for Kubernetes alike."""

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

# What JupyterLab and widgets need of a content security policy. Without blob: no anywidget starts.
POLICY = {
    "default-src": "'self'",
    "script-src": "'self' 'unsafe-inline' 'unsafe-eval' blob:",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "worker-src": "'self' blob:",
    "frame-ancestors": "'none'",
}


class Prompt(ZMQChannelsWebsocketConnection):
    """Sends what a kernel says at once.

    By itself a small message waits until the proxy has acknowledged the one before it, some 40 ms later.
    """

    async def connect(self):
        """Connect a page with its kernel."""
        self.websocket_handler.set_nodelay(True)
        return await super().connect()


c = get_config()  # noqa: F821
headers = {"Content-Security-Policy": "; ".join(f"{kind} {sources}" for kind, sources in POLICY.items())}
c.ServerApp.tornado_settings = {"headers": headers}
c.ServerApp.kernel_websocket_connection_class = Prompt
c.LabApp.news_url = None  # else each student is asked whether to be shown news
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
