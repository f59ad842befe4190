// What is particular to this image. The version is yours to raise; it is part of the image's name and of its inputs.
version       = "1.0.0"
architecture  = "x86_64"
instance_type = "t3.small"
volume_size   = 8
