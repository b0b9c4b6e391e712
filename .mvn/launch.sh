# Sourced by the launchers: finds a JDK, builds what is missing, starts Java.
# They set `root` (the project's folder) first. POSIX sh.

# Prints the major version of the JDK in a folder; its `release` file tells without starting Java.
java_major() {
  major=$(sed -n 's/^JAVA_VERSION="\(1\.\)\{0,1\}\([0-9]*\).*/\2/p' "$1/release" 2>/dev/null) || major=
  [ -n "$major" ] || major=$("$1/bin/java" -XshowSettings:properties -version 2>&1 |
    sed -n 's/^ *java.specification.version = //p' | sed 's/^1\.//')
  echo "$major"
}

# Prints the home of a JDK of at least 21: JAVA_HOME, then PATH, then the usual places, newest first.
find_jdk() {
  candidates=${JAVA_HOME:-}
  on_path=$(command -v javac 2>/dev/null) && candidates="$candidates
$(dirname "$(dirname "$(readlink -f "$on_path" 2>/dev/null || echo "$on_path")")")"
  for place in /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* /opt/*jdk* \
      "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
      /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    candidates="$candidates
$place"
  done
  best=; best_major=0
  saved_ifs=$IFS; IFS='
'
  first=yes
  for home in $candidates; do
    [ -x "$home/bin/java" ] && [ -x "$home/bin/javac" ] || { first=no; continue; }
    major=$(java_major "$home")
    case $major in ''|*[!0-9]*) first=no; continue;; esac
    # What the user chose by JAVA_HOME wins when it will do.
    if [ "$first" = yes ] && [ -n "${JAVA_HOME:-}" ] && [ "$major" -ge 21 ]; then best=$home; best_major=$major; break; fi
    first=no
    if [ "$major" -ge 21 ] && [ "$major" -gt "$best_major" ]; then best=$home; best_major=$major; fi
  done
  IFS=$saved_ifs
  if [ -z "$best" ]; then
    echo "No JDK of version 21 or newer was found: JAVA_HOME, PATH and the usual places were searched." >&2
    echo "Install one (for example Temurin 25) or set JAVA_HOME to it." >&2
    return 1
  fi
  printf '%s\n' "$best"
}

# build MODULES JAR: builds modules (a comma-separated list) and what they need, unless the jar is there and newer than
# the sources.
build() {
  if [ -f "$root/$2" ] && [ -z "$(find "$root" \( -name target -o -name .git -o -name out -o -name cache -o -path '*/src/test' \) -prune \
      -o -type f \( -name '*.java' -o -name pom.xml -o -path '*/src/main/resources/*' \) -newer "$root/$2" -print 2>/dev/null | head -n 1)" ]; then
    return 0
  fi
  command -v mvn >/dev/null 2>&1 || { echo "Maven is needed to build $1 and was not found on the PATH." >&2; return 1; }
  echo "Building $1 ..." >&2
  (cd "$root" && mvn -q -B -ntp -Dfast -DskipTests -Dspotless.check.skip -pl "$1" -am package) >&2 || return 1
  # An archive of the classes that were there before is of no use any more.
  for module in $(echo "$1" | tr , ' '); do
    touch "$root/$module"/target/*.jar
    rm -f "$root/$module"/target/*.jsa
  done
}

# run_java MODULE NAME MAIN_CLASS ARGUMENTS: becomes the JVM, so that signals reach it. The class-data archive makes
# the second start quick; it is made by the first one when it ends. What the JVM finds wrong with it is no error of ours.
# IRONIC_JAVA_OPTS adds options; IRONIC_JAVA_GC replaces the choice of the garbage collector: the serial one needs half
# the memory of the usual one and is as fast while the heap is small, as it is in all but the largest installations.
run_java() {
  target=$root/$1/target; name=$2; main=$3; shift 3
  jdk=$(find_jdk) || exit 2
  # An archive of other jars is neither used nor made anew.
  if [ "$target/$name.jar" -nt "$target/$name.jsa" ]; then rm -f "$target/$name.jsa" 2>/dev/null || :; fi
  # shellcheck disable=SC2086
  exec "$jdk/bin/java" --enable-native-access=ALL-UNNAMED -XX:+AutoCreateSharedArchive \
    -XX:SharedArchiveFile="$target/$name.jsa" -Xlog:disable -Xlog:all=error:stderr -Xlog:cds=off:stderr \
    ${IRONIC_JAVA_GC:--XX:+UseSerialGC -Xms128m -XX:NewSize=64m -XX:MaxHeapFreeRatio=40} ${IRONIC_JAVA_OPTS:-} \
    -cp "$target/$name.jar:$target/lib/*" "$main" "$@"
}
