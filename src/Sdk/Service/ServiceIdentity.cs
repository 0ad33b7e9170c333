using System.Reflection;
using Slipway.Sdk.Settings;

namespace Slipway.Sdk.Service;

/// <summary>Who a process is, as logs, metrics, traces and health tell it.</summary>
public sealed record ServiceIdentity(string Name, string Version, string Revision, string Instance)
{
    internal static ServiceIdentity Read(string name, ServiceSettings settings) => new(
        name,
        settings.Text("SERVICE_VERSION") ?? Assembly.GetEntryAssembly()?.GetName().Version?.ToString(3) ?? "0.0.0",
        settings.Text("K_REVISION", "local"),
        settings.Text("HOSTNAME", Environment.MachineName) + "-" + Environment.ProcessId);
}
