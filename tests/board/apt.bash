# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# A private apt for packages of other suites and of arm64: its lists, its downloads and its (empty)
# package status are in the cache. The machine's own configuration is read, never written, and no root is
# needed.

# The release that the guest and the cross libc share with this machine.
debian_codename()
{
	(
		# shellcheck source=/dev/null
		. "${DMAHEAP_OS_RELEASE:-/etc/os-release}"
		[[ ${ID:-} == debian || " ${ID_LIKE:-} " == *" debian "* ]] ||
			die "this is not a Debian machine: packages of the board come from Debian's archive"
		printf '%s\n' "${VERSION_CODENAME:-unstable}"
	)
}

# Prints a line for each entry of apt's sources, in both formats: URI, suite, components and options,
# separated by tabs. Of the options only those about keys are kept.
apt_entries()
{
	local etc=${DMAHEAP_APT_ETC:-/etc/apt} file
	for file in "$etc/sources.list" "$etc"/sources.list.d/*.list; do
		[[ -r $file ]] || continue
		awk '
		$1 == "deb" {
			options = ""
			line = $0
			sub(/#.*/, "", line)
			sub(/^[ \t]*deb[ \t]+/, "", line)
			if (line ~ /^\[/) {
				options = line
				sub(/^\[/, "", options)
				sub(/\].*/, "", options)
				sub(/^\[[^]]*\][ \t]*/, "", line)
			}
			n = split(line, word, /[ \t]+/)
			components = ""
			for (i = 3; i <= n; i++)
				if (word[i] != "")
					components = components " " word[i]
			keep = ""
			m = split(options, option, /[ \t]+/)
			for (i = 1; i <= m; i++)
				if (option[i] ~ /^signed-by=/)
					keep = substr(option[i], 11)
			gsub(/,/, " ", keep)
			printf "%s\t%s\t%s\t%s\n", word[1], word[2], substr(components, 2), keep
		}' "$file"
	done
	for file in "$etc"/sources.list.d/*.sources; do
		[[ -r $file ]] || continue
		# A key written into the stanza has lines of its own: they are joined with \001.
		awk '
		function flush(   i, j, n, m, uri, suite) {
			if (field["types"] ~ /(^| )deb( |$)/ && tolower(field["enabled"]) !~ /^(no|false|0)/) {
				n = split(field["uris"], uri, / +/)
				m = split(field["suites"], suite, / +/)
				for (i = 1; i <= n; i++)
					for (j = 1; j <= m; j++)
						printf "%s\t%s\t%s\t%s\n", uri[i], suite[j],
							field["components"], field["signed-by"]
			}
			delete field
			name = ""
		}
		/^#/ { next }
		/^[ \t]*$/ { flush(); next }
		/^[ \t]/ {
			if (name != "signed-by")
				sub(/^[ \t]+/, " ")
			field[name] = field[name] (name == "signed-by" ? "\001" : "") $0
			next
		}
		{
			name = tolower($0)
			sub(/:.*/, "", name)
			value = $0
			sub(/^[^:]*:[ \t]*/, "", value)
			gsub(/[ \t]+/, " ", value)
			field[name] = value
		}
		END { flush() }' "$file"
	done
}

# apt_debian_entry PATTERN LABEL: the first of the machine's entries for Debian's own archive whose suite
# matches: URI, tab, key. Other archives use the same suite names: it is Debian's if its Release file says
# so, with this label ("Debian", "Debian-Security").
apt_debian_entry()
{
	local uri suite components key
	while IFS=$'\t' read -r uri suite components key; do
		uri=${uri%"${uri##*[!/]}"}
		[[ $suite =~ ^($1)$ && " $components " == *" main "* ]] || continue
		if [[ $(apt_release "$uri" "$suite") == "Debian/$2" ]]; then
			printf '%s\t%s\n' "$uri" "$key"
			return
		fi
	done < <(apt_entries)
}

# apt_release URI SUITE: prints the origin and the label of that archive, ORIGIN/LABEL, from the machine's
# package lists or, if it has none, from the archive itself.
apt_release()
{
	local lists=${DMAHEAP_APT_LISTS:-/var/lib/apt/lists} file path=${1#*://} fetched
	file=$lists/${path//\//_}_dists_${2//\//_}_InRelease
	[[ -r $file ]] || file=${file%_InRelease}_Release
	if [[ ! -r $file ]]; then
		fetched=$(mktemp)
		file=$fetched
		/usr/lib/apt/apt-helper download-file "$1/dists/$2/InRelease" "$file" >/dev/null 2>&1 </dev/null || true
	fi
	awk -F ': *' '$1 == "Origin" && !origin { origin = $2 } $1 == "Label" && !label { label = $2 }
		END { print origin "/" label }' "$file"
	[[ -z ${fetched-} ]] || rm -f "$fetched"
}

# apt_stanza ENTRY SUITE…: a deb822 stanza with the mirror and the key of the machine's own entry.
apt_stanza()
{
	local entry=$1 key
	shift
	printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\n' "${entry%%$'\t'*}" "$*"
	key=${entry#*$'\t'}
	[[ -z $key ]] || printf 'Signed-By: %s\n' "${key//$'\001'/$'\n'}"
	printf '\n'
}

# apt_sources SUITES SECURITY-SUITES: stanzas with the machine's own mirror of Debian, and that of its
# security archive where it has one.
apt_sources()
{
	local main security
	main=$(apt_debian_entry "$(debian_codename)|stable|oldstable|testing|unstable|sid" Debian)
	[[ -n $main ]] || die "apt's sources name no Debian archive with the suite $(debian_codename) (Origin: Debian, Label: Debian): add it"
	security=$(apt_debian_entry '.*-security' Debian-Security)
	apt_stanza "$main" "$1"
	[[ -z $security ]] || apt_stanza "$security" "$2"
}

# apt_private NAME ARCH: makes the private configuration NAME, with the sources from stdin. The
# machine's settings for reaching its mirrors (proxies and such) are repeated, its hooks are not.
apt_private()
{
	local dir=$cache/apt/$1 arch=$2
	mkdir -p "$dir"/{state/lists/partial,cache/archives/partial,sources}
	: >"$dir/state/status"
	cat >"$dir/sources/board.sources"
	{
		apt-config dump | grep '^Acquire::' |
			grep -vE '^Acquire::(IndexTargets|Languages|GzipIndexes|cdrom)' || true
		cat <<-END
			#clear APT::Architectures;
			APT::Architecture "$arch";
			APT::Architectures { "$arch"; };
			APT::Install-Recommends "false";
			APT::Sandbox::User "$(id -un)";
			Acquire::Languages "none";
			Acquire::Retries "3";
			Debug::NoLocking "true";
			Dir::Etc::main "/dev/null";
			Dir::Etc::parts "/dev/null";
			Dir::Etc::sourcelist "/dev/null";
			Dir::Etc::sourceparts "$dir/sources";
			Dir::Etc::preferences "/dev/null";
			Dir::Etc::preferencesparts "/dev/null";
			Dir::State "$dir/state";
			Dir::State::status "$dir/state/status";
			Dir::Cache "$dir/cache";
			Dir::Log "$dir";
		END
	} >"$dir/apt.conf"
}

# apt_in NAME COMMAND…: an apt command in the private configuration NAME.
apt_in()
{
	local config=$cache/apt/$1/apt.conf
	shift
	APT_CONFIG=$config "$@"
}

# apt_update NAME: fetches its package lists; 1 if there are none. A suite that the mirror lacks is not an
# error if another one is there: which suites exist depends on the mirror and on the year.
apt_update()
{
	local log=$cache/apt/$1/update.log
	apt_in "$1" apt-get update >"$log" 2>&1 </dev/null || true
	compgen -G "$cache/apt/$1/state/lists/*Packages*" >/dev/null || {
		sed -n 's/^[EW]: /  /p' "$log" >&2
		return 1
	}
}
