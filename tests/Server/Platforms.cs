// Processes, users and file modes as Linux has them.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
