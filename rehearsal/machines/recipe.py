"""What the base image is made of: the nearest a container comes to Debian's own cloud image.

https://wiki.debian.org/Cloud/AmazonEC2Image/Bookworm tells the original's user name (admin) and its cloud-init.
Everything here is part of the recipe's digest, so that a change builds another image and never mends an old one.
"""

from __future__ import annotations

import hashlib
import json
import platform

SUITE = "bookworm"

PACKAGES = (
    "systemd", "systemd-sysv", "dbus", "libpam-systemd", "openssh-server", "cloud-init", "iproute2", "iputils-ping",
    "ca-certificates", "sudo", "curl", "netbase", "procps", "less", "openssl", "gpg",
)

# Documentation is most of what a minimal Debian weighs; nothing boots from it.
DPKG_OPTIONS = (
    "path-exclude=/usr/share/man/*", "path-exclude=/usr/share/locale/*", "path-exclude=/usr/share/doc/*",
    "path-include=/usr/share/doc/*/copyright",
)

CLOUD_CONFIG = """\
# As Debian's EC2 image has it, and faster: one data source, found without looking at the hardware.
datasource_list: [Ec2]
datasource:
  Ec2:
    strict_id: false
    metadata_urls: ["http://169.254.169.254"]
    timeout: 10
    max_wait: 60
network: {config: disabled}
manage_etc_hosts: true
system_info:
  default_user:
    name: admin
    gecos: Debian
    lock_passwd: true
    groups: [adm, sudo]
    sudo: ["ALL=(ALL) NOPASSWD:ALL"]
    shell: /bin/bash
locale: false
# The modules that a server in the cloud needs; the rest look for boot loaders, snaps and other clouds.
cloud_init_modules: [migrator, seed_random, bootcmd, write-files, set_hostname, update_hostname, update_etc_hosts,
  ca-certs, users-groups, ssh]
cloud_config_modules: [set-passwords, apt-pipelining, apt-configure, timezone, disable-ec2-metadata, runcmd]
cloud_final_modules: [package-update-upgrade-install, write-files-deferred, scripts-vendor, scripts-per-once,
  scripts-per-boot, scripts-per-instance, scripts-user, keys-to-console, phone-home, final-message, power-state-change]
# An RSA host key costs a second of every boot; clients of today ask for these.
ssh_genkeytypes: [ed25519, ecdsa]
"""

# cloud-init uses session tokens only where the firmware says EC2, and believes no firmware inside a container. Its
# module is diverted, as dpkg calls it, so that an upgrade of the package inside an instance leaves ours in place.
DIVERTED = "/usr/lib/python3/dist-packages/cloudinit/dmi.py"
DIVERSION = '''\
"""The firmware of an EC2 instance: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/identify_ec2_instances.html"""
import sys

from cloudinit.dmi_distrib import *  # noqa: F401,F403


def read_dmi_data(key):
    # The first stage would ask EC2 for an address by DHCP; here the address came with the cable.
    if "--local" in sys.argv:
        return None
    with open("/etc/machine-id") as file:
        unique = file.read().strip()
    identifier = "ec2%s-%s-%s-%s-%s" % (unique[3:8], unique[8:12], unique[12:16], unique[16:20], unique[20:])
    return {
        "system-uuid": identifier, "system-serial-number": identifier, "system-manufacturer": "Amazon EC2",
        "chassis-asset-tag": "Amazon EC2", "system-product-name": "t3.micro",
    }.get(key)
'''

# Units for hardware, time and maintenance: the machine below does that, for all instances at once.
MASKED = (
    "apt-daily.timer", "apt-daily-upgrade.timer", "dpkg-db-backup.timer", "e2scrub_all.timer", "fstrim.timer",
    "systemd-timesyncd.service", "systemd-networkd.service", "systemd-networkd.socket",
    "systemd-networkd-wait-online.service",
    "systemd-resolved.service", "systemd-udevd.service", "systemd-udev-trigger.service", "systemd-modules-load.service",
    "sys-kernel-config.mount", "sys-kernel-debug.mount", "sys-kernel-tracing.mount", "dev-hugepages.mount",
    "getty.target", "console-getty.service", "systemd-logind-varlink.socket", "cloud-init-hotplugd.socket",
)

# ds-identify reads DMI and block devices of the host; the data source is known.
FILES = {
    "/etc/cloud/cloud.cfg.d/99_ec2.cfg": CLOUD_CONFIG,
    "/etc/cloud/ds-identify.cfg": "policy: enabled\n",
    "/etc/machine-id": "",
    "/etc/hostname": "localhost\n",
    "/etc/fstab": "",
    "/etc/ssh/sshd_config.d/50-cloud.conf": "PasswordAuthentication no\nUseDNS no\n",
}


def architecture() -> str:
    """EC2's name of the machine's architecture: an instance runs on the host's own kernel."""
    return {"aarch64": "arm64", "arm64": "arm64"}.get(platform.machine(), "x86_64")


def digest(*host: str) -> str:
    """Names one image: the recipe, and what was carried over from the host."""
    recipe = [SUITE, PACKAGES, DPKG_OPTIONS, MASKED, DIVERTED, DIVERSION, sorted(FILES.items()), architecture(), host]
    return hashlib.sha256(json.dumps(recipe).encode()).hexdigest()[:16]
