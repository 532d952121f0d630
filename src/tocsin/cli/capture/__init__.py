"""Running a command of an infrastructure tool and recording it, without standing in its way."""
