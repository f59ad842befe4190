variable "version" {
  type        = string
  description = "Version of the image, from web.pkrvars.hcl."
}

variable "architecture" {
  type        = string
  description = "x86_64 or arm64; the base image and the instance type must be of it."
}

variable "instance_type" {
  type        = string
  description = "What the builder runs on."
}

variable "volume_size" {
  type        = number
  description = "Root volume in GiB."
}

// What follows comes from `make bake`.

variable "owner" {
  type = string
}

variable "project" {
  type = string
}

variable "name" {
  type        = string
  description = "Name of the candidate; AMI names are fixed at creation."
}

variable "built_for" {
  type        = string
  description = "Which pipeline or person builds; by it leftover builders are found."
}

variable "build" {
  type        = string
  default     = ""
  description = "ARN of the CodeBuild build; empty by hand. What it leaves when it is killed is found by it."
}

variable "commit" {
  type        = string
  description = "Commit that the image is built from."
}

variable "commit_tag" {
  type        = string
  description = "Name of the tag that carries the commit."
}

variable "inputs" {
  type        = string
  description = "Hash of everything that goes into the image: the same hash means the same image."
}

variable "base_image_id" {
  type        = string
  description = "Debian 12 image to start from."
}

variable "base" {
  type        = string
  default     = "debian-12"
  description = "What the base image is, by its name: for what differs between systems, such as the user that logs in."
}

variable "root_device" {
  type        = string
  description = "Name of the base image's root device."
}

variable "key_arn" {
  type        = string
  description = "KMS key of the root volume; empty for the account's default key. An image under the default key cannot be shared."
}

variable "encrypted" {
  type        = bool
  default     = true
  description = "Whether the image is; false where manifests/images.yaml wants it public, or not encrypted."
}

variable "subnet_id" {
  type        = string
  description = "Private subnet of the builder; empty for the default VPC and a public address."
}

variable "security_group_id" {
  type        = string
  description = "Lets SSH in from the build; empty for a temporary group."
}

variable "goss" {
  type        = string
  description = "Path of the goss program for the image's platform."
}

variable "output" {
  type        = string
  description = "Folder for what the bake brings back."
}
