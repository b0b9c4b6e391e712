# Shared by build and build-os-image (bash). Sourced, not run.

export LC_ALL=C TZ=UTC
umask 022
PATH=$PATH:/usr/sbin:/sbin
# One time stamp for every file, so that equal inputs give equal archives.
epoch=${SOURCE_DATE_EPOCH:-1735689600}
export SOURCE_DATE_EPOCH=$epoch

die() { echo "$program: $1" >&2; exit "${2:-1}"; }
say() { printf '%s: [%3d s] %s\n' "$program" "$SECONDS" "$*"; }

# Makes $out and $cache absolute, waits for another build with the same cache, and makes the
# directory $work, which goes at the end.
open_directories() {
  mkdir -p "$out" "$cache"
  out=$(cd "$out" && pwd) cache=$(cd "$cache" && pwd)
  exec 8> "$cache/.lock"
  flock 8
  work=$(mktemp -d "$cache/work.XXXXXX")
  trap 'rm -rf "$work"' EXIT
}

# Installs the Debian packages of missing programs when that is possible, else exits with 3. With
# $only_missing set it prints them and ends.
# Arguments: program=package, or /path/to/file=package.
require_tools() {
  local pair missing=()
  for pair in "$@"; do
    case "$pair" in
      /*) [ -e "${pair%%=*}" ] ;;
      *) command -v "${pair%%=*}" > /dev/null ;;
    esac || missing+=("${pair#*=}")
  done
  if [ -n "$only_missing" ]; then
    [ ${#missing[@]} = 0 ] || printf '%s\n' "${missing[@]}" | sort -u
    exit 0
  fi
  [ ${#missing[@]} = 0 ] && return
  mapfile -t missing < <(printf '%s\n' "${missing[@]}" | sort -u)
  if [ "$(id -u)" = 0 ] && [ -e /etc/debian_version ] && command -v apt-get > /dev/null; then
    say "installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    install=(apt-get install -y -q --no-install-recommends "${missing[@]}")
    # A machine that never asked for the list of packages has none.
    "${install[@]}" > "$work/apt.log" 2>&1 && return
    { apt-get -q update && "${install[@]}"; } >> "$work/apt.log" 2>&1 && return
    tail -n 3 "$work/apt.log" >&2
  fi
  die "missing on this host; as root on Debian: apt-get install --no-install-recommends ${missing[*]}" 3
}

# Names in a list file: comments and empty lines left out.
list() { sed -e 's/[[:space:]]*#.*//' -e '/^[[:space:]]*$/d' "$1"; }

# Prints the apt sources of a suite as the host's own apt knows them; Debian's public mirror if the
# host is no Debian or has none.
apt_sources() {
  local suite=$1 found
  found=$(apt-get indextargets --format '$(RELEASE) $(REPO_URI) $(COMPONENT)' \
      'Created-By: Packages' 2>/dev/null | awk -v suite="$suite" '
      $1 == suite || $1 == suite "-updates" || $1 == suite "-security" {
        print "deb " $2 " " $1 " " $3
      }' | sort -u)
  if [ -n "$found" ] && grep -q " $suite " <<< "$found"; then
    echo "$found"
  else
    echo "deb http://deb.debian.org/debian $suite main"
    echo "deb http://deb.debian.org/debian $suite-updates main"
    echo "deb http://deb.debian.org/debian-security $suite-security main"
  fi
}

# unpack_packages DIR SUITE PACKAGES...: fills DIR with root.tar (files of the packages and of all
# they depend on), kernel/ (vmlinuz, modules) and packages (name, version), atomically.
unpack_packages() {
  local dir=$1 suite=$2 options=() line
  shift 2
  [ -e "$dir/packages" ] && return
  rm -rf "$dir" "$dir.part"
  mkdir -p "$dir.part/kernel"
  # The host's proxies and its rules about expired indexes apply to the ramdisk's packages too.
  while read -r line; do options+=("--aptopt=$line"); done < <(apt-config dump 2>/dev/null |
      grep -iE '^Acquire::(Check-|Retries|(http|https)::(Proxy|CaInfo|Timeout|Verify)).* "[^"]+";')
  # Runs in mmdebstrap while its apt is set up for the suite. The kernel is downloaded, not
  # installed: its post-install scripts want a running system.
  cat > "$dir.part/hook" <<'HOOK'
set -eu
root=$1
export APT_CONFIG=$MMDEBSTRAP_APT_CONFIG
image=$(apt-cache depends linux-image-amd64 | sed -n 's/.*Depends: \(linux-image-.*\)/\1/p' | head -n 1)
mkdir "$root/kernel-package"
cd "$root/kernel-package"
apt-get -q download "$image"
dpkg-deb --fsys-tarfile linux-image-*.deb | tar -x -C "$OUT/kernel"
for deb in "$root"/var/cache/apt/archives/*.deb linux-image-*.deb; do
  dpkg-deb --show --showformat '${Package} ${Version}\n' "$deb"
done | sort > "$OUT/packages.part"
cd /
rm -r "$root/kernel-package"
HOOK
  apt_sources "$suite" > "$dir.part/sources"
  OUT="$dir.part" mmdebstrap --keyring=/usr/share/keyrings/debian-archive-keyring.gpg \
    --quiet --variant=extract --architectures=amd64 \
    --include="$(IFS=,; echo "$*")" "${options[@]}" \
    --setup-hook='for d in bin sbin lib lib64; do mkdir -p "$1/usr/$d"; ln -s "usr/$d" "$1/$d"; done' \
    --extract-hook="sh '$dir.part/hook' \"\$1\"" \
    "$suite" "$dir.part/root.tar" - < "$dir.part/sources" > "$dir.part/log" 2>&1 ||
    { tail -n 20 "$dir.part/log" >&2; die "the Debian packages of suite '$suite' could not be fetched"; }
  mv "$dir.part/packages.part" "$dir.part/packages"
  mv "$dir.part" "$dir"
}

# Sets $debian to the cached, unpacked packages of packages.txt; fetches them when the list or the
# suite is new, or when $refresh is set.
fetch_debian() {
  local packages
  mapfile -t packages < <(list "$here/packages.txt" | tr -d ' ')
  debian=$cache/debian-$( (printf '%s\n' "$suite" "${packages[@]}"; declare -f unpack_packages) |
    sha256sum | cut -c1-24)
  [ -z "$refresh" ] || rm -rf "$debian"
  [ -e "$debian/packages" ] || say "fetching ${#packages[@]} packages and the kernel of Debian $suite"
  unpack_packages "$debian" "$suite" "${packages[@]}"
}

# kernel_modules KERNEL_DIR ROOT LIST: copies the listed modules and what they depend on into ROOT
# and indexes them. Prints the kernel's release.
kernel_modules() {
  local kernel=$1 root=$2 names=$3 release path
  # Newer suites ship the modules below usr.
  [ -e "$kernel/lib" ] || ln -s usr/lib "$kernel/lib"
  release=$(basename "$kernel"/lib/modules/*)
  [ -e "$kernel/lib/modules/$release/modules.dep" ] || depmod -b "$kernel" "$release"
  local lib=$root/lib/modules/$release
  mkdir -p "$lib"
  cp "$kernel/lib/modules/$release"/modules.{builtin,builtin.modinfo,order} "$lib/"
  while read -r name; do
    # A driver may be built into one suite's kernel and a module in another's.
    modprobe -d "$kernel" -S "$release" --show-depends "$name" ||
      die "modules.txt: kernel $release has no module '$name'"
  done < <(list "$names") | sed -n 's/^insmod \([^ ]*\).*/\1/p' | sort -u > "$work/modules"
  [ -s "$work/modules" ] || exit 1
  while read -r path; do
    install -D -m 644 "$path" "$lib/${path#*"/lib/modules/$release/"}"
    # Packed together they become smaller, and load faster, than one by one.
    case "$path" in
      *.xz) unxz "$lib/${path#*"/lib/modules/$release/"}" ;;
      *.zst) unzstd -q --rm "$lib/${path#*"/lib/modules/$release/"}" ;;
    esac
  done < "$work/modules"
  depmod -b "$root" "$release"
  echo "$release"
}

# pack_initramfs ROOT FILE LEVEL: sorted names, root's, one time stamp.
pack_initramfs() {
  find "$1" -exec touch -h -d "@$epoch" {} +
  (cd "$1" && find . -mindepth 1 -print0 | sort -z |
    cpio --null --create --format=newc --owner=0:0 --reproducible --quiet) |
    zstd -q -f -T0 "-$3" -o "$2"
}

# grub_image FORMAT CONFIG FILE MODULES...: one program with its configuration inside. The
# configuration lies in a memory disk because a plain embedded one is read by a parser without
# conditions.
grub_image() {
  local format=$1 config=$2 file=$3
  shift 3
  mkdir -p "$work/memdisk/boot/grub"
  cp "$config" "$work/memdisk/boot/grub/grub.cfg"
  tar -C "$work/memdisk" --owner=0 --group=0 --mtime="@$epoch" -cf "$work/memdisk.tar" boot
  grub-mkimage -O "$format" -p "(memdisk)/boot/grub" -m "$work/memdisk.tar" -o "$file" memdisk tar "$@"
}

grub_modules=(normal configfile linux part_gpt part_msdos fat iso9660 ext2 search search_fs_file
  search_label search_fs_uuid regexp echo test true sleep ls cat minicmd reboot halt loadenv serial terminal)

# fat_image FILE KIBIBYTES LABEL [SOURCE TARGET]...: a FAT file system with files; directories are
# made as needed.
fat_image() {
  local file=$1 size=$2 label=$3 directory part
  shift 3
  rm -f "$file"
  truncate -s "${size}K" "$file"
  # Firmware expects FAT32 on disks; a small boot image of a CD cannot be that.
  local type=()
  [ "$size" -lt 40960 ] || type=(-F 32 -s 1)
  mkfs.fat "${type[@]}" -n "$label" --invariant "$file" > /dev/null
  while [ $# -ge 2 ]; do
    directory=
    for part in $(dirname "$2" | tr / ' '); do
      directory=$directory/$part
      mdir -i "$file" "::$directory" > /dev/null 2>&1 || mmd -i "$file" "::$directory"
    done
    touch -d "@$epoch" "$1"
    mcopy -m -i "$file" "$1" "::$2"
    shift 2
  done
}

# up_to_date STAMP KEY FILES...: whether these files were made from inputs with that key.
up_to_date() {
  local stamp=$1 key=$2 file
  shift 2
  [ -e "$stamp" ] && [ "$(head -n 1 "$stamp")" = "$key" ] || return 1
  for file in "$@"; do [ -s "$file" ] || return 1; done
  (cd "$(dirname "$stamp")" && stat -c '%n %s %Y' "${@##*/}") | cmp -s - <(tail -n +2 "$stamp")
}

write_stamp() {
  local stamp=$1 key=$2
  shift 2
  { echo "$key"; (cd "$(dirname "$stamp")" && stat -c '%n %s %Y' "${@##*/}"); } > "$stamp"
}

# Members of the manifest's "files" object: name, bytes, sha256.
manifest_files() {
  local separator= file
  for file in "$@"; do
    printf '%s\n    "%s": {"bytes": %d, "sha256": "%s"}' "$separator" "${file##*/}" \
      "$(stat -c %s "$file")" "$(sha256sum < "$file" | cut -d' ' -f1)"
    separator=,
  done
}

manifest_packages() { awk '{ printf "%s\n    \"%s\": \"%s\"", (NR > 1 ? "," : ""), $1, $2 }' "$1"; }

megabytes() { echo $((($(stat -c %s "$1") + 524288) / 1048576)); }
