# Sourced by ./juwsgi, ./mvnw and ./check: sets JAVA_HOME to a JDK 25 or newer.
# Looks at JAVA_HOME, the java in PATH, the distributions' JVM directories, SDKMAN and asdf, in this order.

juwsgi_java_version=25

# Prints the feature release (25 for 25.0.3) that the release file of the JDK in $1 names; nothing when there is none.
jdk_release() {
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 0
  while IFS='="' read -r key _ value _; do
    [ "$key" != JAVA_VERSION ] || { echo "${value%%.*}"; return 0; }
  done <"$1/release"
}

# True when the JDK in $1 is new enough.
jdk_fits() {
  release=$(jdk_release "$1")
  case $release in
    '' | *[!0-9]*) return 1 ;;
    *) [ "$release" -ge "$juwsgi_java_version" ] ;;
  esac
}

# Prints the home of the java that PATH finds, links followed; nothing when there is none.
jdk_in_path() {
  found=$(command -v java 2>/dev/null) || return 0
  found=$(readlink -f "$found" 2>/dev/null) || return 0
  echo "${found%/bin/java}"
}

# Sets and exports JAVA_HOME; says what to install and fails when no JDK fits.
find_jdk() {
  if [ -n "${JAVA_HOME-}" ] && jdk_fits "$JAVA_HOME"; then
    export JAVA_HOME
    return 0
  fi
  # File name patterns may be switched off by the script that sources this one.
  jdk_noglob=false
  case $- in *f*) jdk_noglob=true; set +f ;; esac
  jdk_chosen=
  for jdk_home in "$(jdk_in_path)" /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.asdf/installs/java/* "$HOME"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if jdk_fits "$jdk_home"; then
      jdk_chosen=$jdk_home
      break
    fi
  done
  ! $jdk_noglob || set -f
  if [ -z "$jdk_chosen" ]; then
    echo "juwsgi needs a JDK $juwsgi_java_version or newer and found none: install one (temurin-25-jdk, openjdk-25-jdk) or set JAVA_HOME." >&2
    return 1
  fi
  JAVA_HOME=$jdk_chosen
  export JAVA_HOME
}
