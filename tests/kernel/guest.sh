#!/bin/sh
# Inside the machine: udev with the station's rules, then the tests. Arguments: Python, repository.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export SYSTEMD_IGNORE_CHROOT=1 PYTHONDONTWRITEBYTECODE=1 TMPDIR=/mnt HOME=/mnt
mkdir -p /run/udev/rules.d
cp "$2/assets/60-kiosk.rules" /run/udev/rules.d/
/lib/systemd/systemd-udevd --daemon
udevadm trigger --action=add
udevadm settle
cd "$2" || exit 1
"$1" -m pytest -p no:cacheprovider -p no:xdist -p no:hypothesispytest -x -q --color=no --tb=short tests/kernel/in_guest.py
echo "exit $?" > /dev/virtio-ports/control
sleep 2
