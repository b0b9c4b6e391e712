# Sourced by the measuring scripts, which set `root` first.
. "$root/.mvn/launch.sh"

# bench WHAT COUNT: builds what is missing and measures.
bench() {
  build examples/standalone examples/standalone/target/ironic-standalone.jar || exit 2
  jdk=$(find_jdk) || exit 2
  target=$root/examples/standalone/target
  exec "$jdk/bin/java" -cp "$target/test-classes:$target/ironic-standalone.jar:$target/lib/*" \
    dev.ironic.standalone.Bench "$root/examples/standalone/bin/ironic" "$1" "$2"
}
