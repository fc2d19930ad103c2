@echo off
rem Registers the sync (at start) and the night's work (at three) as tasks of this computer. Run as administrator:
rem   install-windows.cmd C:\Tillmate\tillmate.exe C:\Tillmate\config.toml TILLUSER
if "%~3"=="" (echo Usage: %~nx0 PATH-TO-TILLMATE PATH-TO-CONFIG USER & exit /b 2)
schtasks /Create /F /RU "%~3" /RP * /SC ONSTART /TN "Tillmate sync" /TR "\"%~1\" sync run --config \"%~2\"" || exit /b 1
schtasks /Create /F /RU "%~3" /RP * /SC DAILY /ST 03:00 /TN "Tillmate nightly" /TR "\"%~1\" sync nightly --json --config \"%~2\"" || exit /b 1
echo Both tasks are registered. Put autostart = false under [site] in the config.
