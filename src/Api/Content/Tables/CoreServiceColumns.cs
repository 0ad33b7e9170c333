using System.Text.Json;

namespace Slipway.Api.Content.Tables;

internal static class CoreServiceColumns
{
    public static readonly TableColumn[] All =
    [
        new("Type", "How it is published.", row => row.Text("spec", "type") ?? "ClusterIP"),
        new("Cluster-IP", "Its address inside.", row => row.Text("spec", "clusterIP") ?? "<none>"),
        new("External-IP", "Its address outside.", ExternalAddress),
        new("Port(s)", "Its ports.", Ports),
    ];

    private static string ExternalAddress(RowSource row)
    {
        var addresses = row.Items("status", "loadBalancer", "ingress")
            .Select(entry => RowSource.At(entry, "ip") is { ValueKind: JsonValueKind.String } ip ? ip.GetString() : RowSource.At(entry, "hostname").ToString())
            .Where(address => !string.IsNullOrEmpty(address))
            .ToList();
        return addresses.Count > 0 ? string.Join(',', addresses) : row.Text("spec", "externalName") ?? "<none>";
    }

    private static string Ports(RowSource row) => string.Join(',', row.Items("spec", "ports").Select(port =>
    {
        var number = RowSource.At(port, "port").ToString();
        var node = RowSource.At(port, "nodePort") is { ValueKind: JsonValueKind.Number } outside ? $":{outside}" : "";
        var protocol = RowSource.At(port, "protocol") is { ValueKind: JsonValueKind.String } named ? named.GetString() : "TCP";
        return $"{number}{node}/{protocol}";
    }));
}
