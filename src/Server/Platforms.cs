// Processes, cgroups and signals as Linux has them.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
