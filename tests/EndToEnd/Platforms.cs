// Processes, users and folders as Linux has them.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
