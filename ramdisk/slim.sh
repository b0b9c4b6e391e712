# Takes out of an unpacked root what the ramdisk does not need (bash, sourced by build).

is_elf() { [ "$(head -c 4 "$1" | tail -c 3)" = ELF ]; }

# Shared libraries a program loads, one path a line; fails when one is missing. The loader of the
# root is used, so the host's libraries play no part.
libraries_of() {
  local root=$1 file=$2 answer
  answer=$("$root/usr/lib64/ld-linux-x86-64.so.2" --inhibit-cache \
    --library-path "$root/usr/lib/x86_64-linux-gnu:$root/usr/lib:$root/opt/java/lib:$root/opt/java/lib/server" \
    --list "$file" 2>/dev/null) || [ -n "$answer" ] || return 0
  sed -n 's/.*not found.*/MISSING &/p; s/.* => \(\/[^ ]*\) (.*/\1/p; s/^[[:space:]]*\(\/[^ ]*\) (.*/\1/p' <<< "$answer"
}

# slim_root ROOT PRUNE KEEP: drops the paths of PRUNE, the programs not in KEEP, and libraries that
# no remaining program uses.
slim_root() {
  local root=$1 prune=$2 keep=$3 pattern file name
  # Links that start at / would be looked up on the host.
  find "$root" -type l -lname '/*' | while read -r file; do
    ln -sfn "$(realpath -s -m --relative-to="${file%/*}" "$root$(readlink "$file")")" "$file"
  done
  while read -r pattern; do rm -rf "$root"/$pattern; done < <(list "$prune")
  for name in $(list "$keep"); do
    for file in "$root"/usr/{bin,sbin,lib/udev}/"$name"; do [ -e "$file" ] && continue 2; done
    die "keep-programs.txt: no package brings a program '$name'"
  done
  find "$root"/usr/{bin,sbin} "$root"/usr/lib/udev -maxdepth 1 ! -type d -printf '%f %p\n' |
    awk 'NR == FNR { keep[$1]; next } !($1 in keep) { print $2 }' <(list "$keep") - | xargs -r rm -f
  local libraries=$root/usr/lib/x86_64-linux-gnu
  find "$root/usr" -type f -perm -u+x ! -path '*/x86_64-linux-gnu/*' | while read -r file; do
    is_elf "$file" && libraries_of "$root" "$file"
  done | sort -u > "$work/libraries"
  ! grep MISSING "$work/libraries" >&2 || die "the root lacks libraries of its own programs"
  # The JVM's own needs, and what the C library loads by name at run time.
  for name in libc.so.6 libm.so.6 libdl.so.2 libpthread.so.0 librt.so.1 libgcc_s.so.1 libnss_files.so.2 \
      libnss_dns.so.2 libresolv.so.2 ld-linux-x86-64.so.2; do
    echo "$libraries/$name" >> "$work/libraries"
  done
  while read -r file; do echo "$file"; readlink -f "$file" || true; done < "$work/libraries" | sort -u > "$work/needed"
  find "$libraries" \( -type f -o -type l \) | sort | comm -23 - "$work/needed" | xargs -r rm -f
  find "$root/usr" "$root/etc" "$root/var" -xtype l -delete
  find "$root/usr" -depth -type d -empty -delete
  mkdir -p "$root"/usr/{bin,sbin,lib,lib64}
}

# Busybox stands in for every command no package brings.
busybox_links() {
  local root=$1 name
  for name in $("$root/usr/bin/busybox" --list); do
    case "$name" in *[!a-z0-9_-]*) [ "$name" = '[' ] || [ "$name" = '[[' ] || continue ;; esac
    [ -e "$root/usr/bin/$name" ] || [ -e "$root/usr/sbin/$name" ] || ln -s busybox "$root/usr/bin/$name"
  done
}

# Every program of the finished root must find its libraries in it.
check_programs() {
  local root=$1 file missing
  missing=$(find "$root" -type f \( -perm -u+x -o -name '*.so*' \) | while read -r file; do
    is_elf "$file" && libraries_of "$root" "$file" | grep MISSING | sed "s|^MISSING|${file#"$root"}|"
  done || true)
  [ -z "$missing" ] || { echo "$missing" >&2; die "programs of the root lack libraries"; }
}
