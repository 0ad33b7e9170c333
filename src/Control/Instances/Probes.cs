using System.Globalization;
using Slipway.Model.Serving;
using Slipway.Runtime.Instances;

namespace Slipway.Control.Instances;

/// <summary>Probes of a manifest in the shape drivers take them.</summary>
internal static class Probes
{
    /// <summary>A service without a readiness probe is ready when it listens.</summary>
    public static InstanceProbe Readiness(Probe? probe, Container container) =>
        probe is null ? new InstanceProbe { Handler = ProbeHandler.Tcp } : From(probe, container, TimeSpan.Zero);

    public static InstanceProbe? Optional(Probe? probe, Container container) =>
        probe is null ? null : From(probe, container, TimeSpan.FromSeconds(10));

    private static InstanceProbe From(Probe probe, Container container, TimeSpan periodDefault)
    {
        var common = new InstanceProbe
        {
            Handler = ProbeHandler.Tcp,
            InitialDelay = TimeSpan.FromSeconds(probe.InitialDelaySeconds ?? 0),
            Period = probe.PeriodSeconds is { } period ? TimeSpan.FromSeconds(period) : periodDefault,
            Timeout = TimeSpan.FromSeconds(Math.Max(1, probe.TimeoutSeconds ?? 1)),
            SuccessThreshold = Math.Max(1, probe.SuccessThreshold ?? 1),
            FailureThreshold = Math.Max(1, probe.FailureThreshold ?? 3),
        };
        return probe switch
        {
            { HttpGet: { } http } => common with
            {
                Handler = ProbeHandler.Http,
                Port = Port(http.Port, container),
                Path = string.IsNullOrEmpty(http.Path) ? "/" : http.Path,
                Scheme = string.IsNullOrEmpty(http.Scheme) ? "http" : http.Scheme.ToLowerInvariant(),
                Headers = [.. (http.HttpHeaders ?? []).Select(header => KeyValuePair.Create(header.Name, header.Value))],
            },
            { Exec: { } exec } => common with { Handler = ProbeHandler.Exec, Command = exec.Command ?? [] },
            { Grpc: { } grpc } => common with { Handler = ProbeHandler.Grpc, Port = Port(grpc.Port, container), GrpcService = grpc.Service ?? "" },
            _ => common with { Port = Port(probe.TcpSocket?.Port, container) },
        };
    }

    /// <summary>The serving port, by its number, its name or 0, is written as 0: the real one is chosen when an instance starts.</summary>
    private static int Port(string? port, Container container)
    {
        var serving = container.Ports?.FirstOrDefault();
        if (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return 0;
        }

        return number == (serving?.Number ?? 8080) ? 0 : number;
    }
}
