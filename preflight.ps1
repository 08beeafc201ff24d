# Is this machine ready for the workshop? Windows, in PowerShell; it needs no Node.js.
#
#   powershell -ExecutionPolicy Bypass -File preflight.ps1      in the workshop's folder
#
# The same lines and the same code as ./preflight. The exit code is 0 if nothing is wrong.

Set-Location -Path $PSScriptRoot
# As compose.yaml names it.
$Image = 'containers-from-scratch'
if (Test-Path .env) {
	$Named = Select-String -Path .env -Pattern '^WORKSHOP_PUBLISHED=(.+)$'
	if ($Named) { $Image = $Named.Matches[0].Groups[1].Value.Trim() }
}
$Port = 4000
$script:Code = ''

function Good([string]$What) { Write-Output "ok  $What" }
function Note([string]$What) { Write-Output "--  $What" }
function Bad([string]$Letter, [string]$What, [string]$Remedy) {
	$script:Code += $Letter
	Write-Output "NO  $What"
	Write-Output "      $Remedy"
}
function Finish {
	$version = (Get-Content -Raw package.json | ConvertFrom-Json).version
	$end = if ($script:Code -eq '') { 'OK' } else { $script:Code }
	Write-Output ''
	Write-Output "Code: $version-$end"
	if ($script:Code -eq '') {
		Write-Output 'All is well. Open the workshop: docker compose run --rm dev'
		exit 0
	}
	Write-Output 'Mend the lines with NO, from the first one on, and run it again.'
	exit 1
}
# What a file names behind "Starters: ".
function StartersIn([string]$Text) {
	if ($Text -match 'Starters: (\S+)') { $Matches[1] } else { '?' }
}

# L: line endings.
$crlf = Get-ChildItem Dockerfile, package.json, kit/launch.cjs, steps/*/container.ts |
	Where-Object { [IO.File]::ReadAllText($_.FullName).Contains("`r") } | Select-Object -First 1
if ($crlf) {
	Bad 'L' "line endings: $($crlf.Name) has those of Windows" 'git config core.autocrlf input, then: git rm -r -q --cached . ; git reset --hard (keep a copy of steps/)'
} else { Good 'line endings' }

# S: space on this drive.
$free = [int]((Get-Item .).PSDrive.Free / 1MB)
if ($free -lt 2048) { Bad 'S' "disk: $free MiB are free here" 'Make room: the image and its build take 2 GiB.' }
else { Good "disk: $free MiB are free" }

# D: the program docker. E: an engine that answers.
if (-not (Get-Command docker -ErrorAction SilentlyContinue)) {
	Bad 'D' 'docker: there is no such program' 'Install Docker Desktop, and open a new window.'
	Finish
}
$facts = "$(docker info --format '{{.ServerVersion}}|{{.Architecture}}|{{.OSType}}|{{.MemTotal}}' 2>$null)".Split('|')
if ($facts.Count -lt 4 -or $facts[0] -notmatch '^\d') {
	Bad 'E' 'engine: it does not answer' 'Start Docker Desktop and wait until it says "running".'
	Finish
}
$server, $arch, $system, $memory = $facts
Good "engine: version $server answers"

# V, O, M: its version, its containers, its memory.
if ($server -match '^1?\d\.') { Bad 'V' "engine: version $server is too old" 'Install version 20.10 or later.' }
else { Good 'engine: new enough' }
if ($system -eq 'linux') { Good 'engine: runs Linux containers' }
else { Bad 'O' "engine: runs $system containers" 'Docker Desktop, the menu of its icon: Switch to Linux containers.' }
$mib = [int]([int64]$memory / 1MB)
if ($mib -lt 1800) { Bad 'M' "memory: the engine has $mib MiB" 'WSL 2: a larger memory= in the file .wslconfig; else Docker Desktop, Settings, Resources.' }
else { Good "memory: the engine has $mib MiB" }

# C: Compose.
docker compose version *> $null
if ($LASTEXITCODE -eq 0) { Good 'compose' }
else { Bad 'C' 'compose: docker compose does not work' 'Update Docker Desktop.' }

# I: the image, of this version. B: without it, the two images that it is built from.
$trial = ''
docker image inspect $Image *> $null
if ($LASTEXITCODE -eq 0) {
	$have = StartersIn "$(docker run --rm --entrypoint cat $Image /workshop/.built-with.md 2>$null)"
	$want = StartersIn "$(Get-Content -Raw steps/README.md -ErrorAction SilentlyContinue)"
	if ($have -eq $want) { Good "image: $Image is there, version $have" }
	else { Bad 'I' "image: $Image is of version $have, and steps/ of $want" 'docker compose build' }
	$trial = $Image
} else {
	Bad 'I' "image: there is no $Image" 'docker compose build (a good network, ten minutes), or from the stick: docker load -i image-ARCH.tar'
	foreach ($line in (Select-String -Path Dockerfile -Pattern '^ARG \w+_IMAGE=(\S+)')) {
		$base = $line.Matches[0].Groups[1].Value
		docker image inspect $base *> $null
		if ($LASTEXITCODE -eq 0) { Good "base image: $base is there"; $trial = $base; continue }
		docker manifest inspect $base *> $null
		if ($LASTEXITCODE -eq 0) { Good "base image: $base can be fetched" }
		else { Bad 'B' "base image: $base is not here, and its registry does not answer" 'Is there a network? A proxy? Docker Desktop, Settings, Resources, Proxies.' }
	}
}

if ($trial -ne '') {
	# A: another processor's image is emulated, and slow.
	$built = "$(docker image inspect --format '{{.Architecture}}' $trial 2>$null)"
	$same = @('x86_64/amd64', 'aarch64/arm64', 'amd64/amd64', 'arm64/arm64')
	if ($same -contains "$arch/$built") { Good "processor: $arch, as the image's" }
	else { Bad 'A' "processor: the engine is $arch and the image ${built}: it is emulated" 'docker compose build, here; or load the image for this processor.' }

	# F: the folder steps/ in the container, writable.
	$sign = ".preflight-$PID"
	docker run --rm -v "${PWD}/steps:/there" --entrypoint sh $trial -c ": >/there/$sign" *> $null
	if (Test-Path "steps/$sign") { Good 'folder: steps/ is shared with the container, and can be written' }
	else { Bad 'F' 'folder: a container can not write to steps/' "Docker Desktop, Settings, Resources, File sharing: add $PWD. On a network drive: copy the folder to your disk." }
	Remove-Item "steps/$sign" -Force -ErrorAction SilentlyContinue

	# The book's port.
	docker run --rm -p "127.0.0.1:${Port}:4000" --entrypoint true $trial *> $null
	if ($LASTEXITCODE -eq 0) { Good "port: $Port is free" }
	else { Note "port: $Port is taken. End what uses it; or the book gets the next port, which docker ps shows" }
} else { Note 'folder, port and processor: not tried, since there is no image yet' }
Finish
