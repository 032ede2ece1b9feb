#!/usr/bin/env bash
# image_root.sh BUILD OUT: from a finished build the files of the image, as they lie in it. What the program needs of this
# system beyond libc, libstdc++ and libgcc goes to opt/tidemill/deps, so that the base needs no package manager.
set -euo pipefail
[ $# = 2 ] || { echo "usage: image_root.sh BUILD OUT" >&2; exit 2; }
build=$1 out=$2 home=$2/opt/tidemill

rm -rf "$out"
mkdir -p "$home/deps" "$home/certs" "$out/usr/share" "$out/data"
cmake --install "$build" --prefix "$home" --strip >/dev/null
# Not stripped by install: Arrow's libraries are files to it.
find "$home/lib" -name '*.so*' -type f -exec strip --strip-unneeded {} +
mv "$home/share/tidemill/recipes" "$home/recipes"

# What those, and libcurl that is opened by its name, are linked with.
curl=$(ldconfig -p | awk '/libcurl\.so\.4 / && !found++ {print $NF}')
[ -n "$curl" ] || { echo "image_root.sh: no libcurl.so.4 on this system" >&2; exit 1; }
base='^(linux-vdso|ld-linux.*|libc|libm|libdl|librt|libpthread|libresolv|libanl|libgcc_s|libstdc\+\+)\.so'
ldd "$home/bin/tidemill" "$home"/lib/*.so* "$curl" | awk '$2 == "=>" && $3 ~ /^\// {print $3}' | sort -u |
  while read -r library; do
    case $library in "$home"/*) continue ;; esac
    [[ $(basename "$library") =~ $base ]] || cp -L "$library" "$home/deps/"
  done
cp -L "$curl" "$home/deps/"

cp -L /etc/ssl/certs/ca-certificates.crt "$home/certs/"
cp -a /usr/share/zoneinfo "$out/usr/share/zoneinfo"
rm -rf "$out/usr/share/zoneinfo"/{right,posix,posixrules,localtime}
chmod -R u=rwX,go=rX "$out"
