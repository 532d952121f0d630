"""A provisioner reaches a machine that does not let it in."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"ssh: handshake failed|SSH authentication failed|ssh: unable to authenticate"
    r"|unable to authenticate, attempted methods",
    unless=r"git::|could not read from remote repository",
)


_CLOSED = (
    "the machine takes none of the ways that were tried: passwords may be off in its image (PasswordAuthentication), or its "
    "first start has not put keys and users down yet"
)


@cause("authentication", needs=("deployment",))
def machine_login_refused(world: World) -> Iterator[Finding]:
    """A provisioner reached the new machine over SSH, and no key or password that it has is accepted there.

    The login name depends on the image, the key is the one that the machine was made with, and a password works only
    where the image allows it. A machine that has just started accepts nobody until its first start has put the keys down.

    When it is wrong: the machine was still starting, and a longer connection timeout is all that it takes.
    """
    if told := failing(world, _SAID):
        user = told.read(r"authentication failed \((\S+?)@") or _user(world)
        tried = told.read(r"attempted methods \[([^\]]*)\]")
        host = told.read(r"@([\w.:*-]+?)(?::\d+)?\)")
        without = " and offered no key" if tried and "publickey" not in tried else ""
        name = f" as {user}" if user else ""
        purpose = "see which keys are offered; the connection block needs the image's own user and the machine's key"
        steps = [
            terraform.look("ssh-add", "-l", purpose=purpose),
            terraform.again(
                told.tool,
                "run the provisioner again: a machine whose provisioner failed is tainted, so it is made anew",
                before="user, private_key and timeout of the connection block fit the image",
            ),
        ]
        hint = [_CLOSED] if tried == "none" else []
        what = f"the machine{' ' + host if host else ''} does not let the provisioner in{name}{without}"
        yield told.finding(f"{told.who}: {what}", steps, hint)


def _user(world: World) -> str:
    deployment = world.deployment
    lines = deployment.lines if deployment else ()
    return next((line.rpartition("User:")[2].strip() for line in lines if "(remote-exec):   User:" in line), "")
