# Prints the documented targets of a Makefile: `##@ Section` lines and `target: needs ## text` lines.
BEGIN {
  if (system("test -t 1") == 0 && !("NO_COLOR" in ENVIRON)) { bold = "\033[1m"; cyan = "\033[36m"; plain = "\033[0m" }
  print "Usage: make TARGET [NAME=value ...]"
}
/^##@ / { printf "\n%s%s%s\n", bold, substr($0, 5), plain; next }
/^[a-z][a-z-]*:.* ## / {
  target = $0; sub(/:.*/, "", target)
  text = $0; sub(/^[^#]*## /, "", text)
  printf "  %s%-20s%s %s\n", cyan, target, plain, text
}
