// Boots a candidate, runs its checks and brings back a JUnit report. No image is registered, and Packer removes the
// instance, its key pair and its group also after a failure: https://developer.hashicorp.com/packer/integrations/hashicorp/amazon/latest/components/builder/ebs

variable "owner" {
  type = string
}

variable "project" {
  type = string
}

variable "built_for" {
  type = string
}

variable "build" {
  type    = string
  default = ""
}

variable "checks" {
  type        = string
  description = "Path of the checks that are run, a goss file."
}

variable "image_id" {
  type        = string
  description = "The candidate."
}

variable "instance_type" {
  type = string
}

variable "subnet_id" {
  type = string
}

variable "security_group_id" {
  type = string
}

variable "goss" {
  type = string
}

variable "report" {
  type        = string
  description = "File for the JUnit report."
}

locals {
  private = var.subnet_id != ""
  build   = var.build == "" ? {} : { Build = var.build }
}

source "amazon-ebs" "candidate" {
  skip_create_ami = true
  ami_name        = "never-made"
  source_ami      = var.image_id
  instance_type   = var.instance_type

  subnet_id                   = local.private ? var.subnet_id : null
  security_group_id           = var.security_group_id == "" ? null : var.security_group_id
  associate_public_ip_address = local.private ? null : true
  ssh_interface               = local.private ? "private_ip" : "public_ip"
  ssh_username                = "admin"
  ssh_timeout                 = "5m"
  temporary_key_pair_type     = "ed25519"

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  shutdown_behavior = "terminate"
  user_data         = "#!/bin/sh\nsystemd-run --unit=riglet-builder-end --on-active=20min systemctl poweroff\n"
  run_tags          = merge({ Owner = var.owner, Project = var.project, Name = "verifies ${var.image_id}", Builder = "verify", BuiltFor = var.built_for }, local.build)
  run_volume_tags   = { Owner = var.owner, Project = var.project, Name = "verifies ${var.image_id}" }

  aws_polling {
    delay_seconds = 3
    max_attempts  = 200
  }
}

build {
  sources = ["source.amazon-ebs.candidate"]

  provisioner "shell" {
    inline = ["mkdir -p /tmp/riglet"]
  }

  provisioner "file" {
    sources     = [var.goss, var.checks]
    destination = "/tmp/riglet/"
  }

  // The report must come back also when a check fails, so the verdict waits.
  provisioner "shell" {
    inline = [
      "cd /tmp/riglet && chmod +x goss",
      "cloud-init status --wait > /dev/null || true",
      "code=0; sudo ./goss --gossfile goss.yaml validate --retry-timeout 20s --sleep 1s --format junit > attempts.xml || code=$?",
      // With retries goss prints a report for each attempt, and words of its own between them: the last report counts.
      "awk '/^<\\?xml/ { text = \"\"; open = 1 } open { text = text $0 \"\\n\" } /^<\\/testsuite>/ { open = 0 } END { printf \"%s\", text }' attempts.xml > goss.xml",
      "echo $code > verdict",
    ]
  }

  provisioner "file" {
    direction   = "download"
    source      = "/tmp/riglet/goss.xml"
    destination = var.report
  }

  provisioner "shell" {
    inline = ["cd /tmp/riglet && sudo ./goss --gossfile goss.yaml validate --format documentation --no-color || true", "exit $(cat verdict)"]
  }
}
