// A Debian 12 image with nginx that serves a page and JSON telling version, commit and the AMI's id.

locals {
  tags = {
    Owner         = var.owner
    Project       = var.project
    Image         = "web"
    Inputs        = var.inputs
    Version       = var.version
    SourceImageId = var.base_image_id
    Name          = var.name
  }
  private = var.subnet_id != ""
  build   = var.build == "" ? {} : { Build = var.build }
}

source "amazon-ebs" "web" {
  ami_name        = var.name
  ami_description = "web ${var.version} of ${var.owner}-${var.project}"
  source_ami      = var.base_image_id
  instance_type   = var.instance_type
  tags            = merge(local.tags, { Commit = var.commit }, { (var.commit_tag) = var.commit })
  snapshot_tags   = local.tags
  imds_support    = "v2.0"

  // Encrypting the builder's own volume gives an encrypted image without a second copy. A public image cannot be encrypted.
  launch_block_device_mappings {
    device_name           = var.root_device
    volume_size           = var.volume_size
    volume_type           = "gp3"
    encrypted             = var.encrypted
    kms_key_id            = var.encrypted && var.key_arn != "" ? var.key_arn : null
    delete_on_termination = true
  }

  subnet_id                   = local.private ? var.subnet_id : null
  security_group_id           = var.security_group_id == "" ? null : var.security_group_id
  associate_public_ip_address = local.private ? null : true
  ssh_interface               = local.private ? "private_ip" : "public_ip"
  ssh_username                = "admin"
  ssh_timeout                 = "5m"
  ssh_clear_authorized_keys   = true
  temporary_key_pair_type     = "ed25519"

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  // A build that is stopped leaves its builder running: that one ends itself, and by these tags it is swept, and so are
  // its key pair and an image in the making, which carry them, too. Inputs comes last: it tells a finished image.
  shutdown_behavior = "terminate"
  user_data         = "#!/bin/sh\nsystemd-run --unit=riglet-builder-end --on-active=45min systemctl poweroff\n"
  run_tags          = merge({ Owner = var.owner, Project = var.project, Name = "builder of ${var.name}", Builder = "bake", BuiltFor = var.built_for }, local.build)
  run_volume_tags   = { Owner = var.owner, Project = var.project, Name = "builder of ${var.name}" }

  aws_polling {
    delay_seconds = 3
    max_attempts  = 600
  }
}

build {
  sources = ["source.amazon-ebs.web"]

  provisioner "shell" {
    inline = ["mkdir -p /tmp/riglet"]
  }

  provisioner "file" {
    sources     = ["${path.root}/files/", "${path.root}/checks/goss.yaml"]
    destination = "/tmp/riglet/"
  }

  provisioner "file" {
    source      = var.goss
    destination = "/tmp/riglet/goss"
  }

  provisioner "shell" {
    execute_command = "chmod +x {{ .Path }}; sudo env {{ .Vars }} {{ .Path }}"
    env = {
      DEBIAN_FRONTEND = "noninteractive"
      IMAGE           = "web"
      VERSION         = var.version
      COMMIT          = var.commit
      INPUTS          = var.inputs
      BASE_IMAGE_ID   = var.base_image_id
    }
    scripts = [
      "${path.root}/provision/10-wait.sh",
      "${path.root}/provision/20-packages.sh",
      "${path.root}/provision/30-versions.sh",
      "${path.root}/provision/40-identity.sh",
      "${path.root}/provision/50-nginx.sh",
      "${path.root}/provision/80-package-list.sh",
    ]
  }

  provisioner "file" {
    direction   = "download"
    source      = "/etc/riglet/packages.json"
    destination = "${var.output}/packages.json"
  }

  provisioner "shell" {
    execute_command = "chmod +x {{ .Path }}; sudo env {{ .Vars }} {{ .Path }}"
    scripts = [
      "${path.root}/provision/90-validate.sh",
      "${path.root}/provision/99-clean.sh",
    ]
  }

  post-processor "manifest" {
    output = "${var.output}/packer-manifest.json"
  }
}
