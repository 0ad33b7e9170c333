using System.Text.Json;

namespace Slipway.Api.Content.Tables;

internal static class PodColumns
{
    public static readonly TableColumn[] All =
    [
        new("Ready", "Containers that are ready, of all.", Ready),
        new("Status", "What it is doing.", Status),
        new("Restarts", "How often its containers were started again.", row => Restarts(row), "integer"),
        new("IP", "Address of the instance.", row => row.Text("status", "podIP") ?? "<none>", Priority: 1),
        new("Node", "The machine it runs on.", row => row.Text("spec", "nodeName") ?? "<none>", Priority: 1),
    ];

    private static string Ready(RowSource row)
    {
        var statuses = row.Items("status", "containerStatuses").ToList();
        var ready = statuses.Count(status => RowSource.At(status, "ready").ValueKind == JsonValueKind.True);
        return $"{ready}/{Math.Max(statuses.Count, row.Items("spec", "containers").Count())}";
    }

    private static string Status(RowSource row)
    {
        if (row.Resource.IsDeleting)
        {
            return "Terminating";
        }

        foreach (var status in row.Items("status", "containerStatuses"))
        {
            foreach (var state in new[] { "waiting", "terminated" })
            {
                if (RowSource.At(status, "state", state, "reason") is { ValueKind: JsonValueKind.String } reason && reason.GetString() is { Length: > 0 } text)
                {
                    return text;
                }
            }
        }

        return row.Text("status", "reason") ?? row.Text("status", "phase") ?? "Unknown";
    }

    private static long Restarts(RowSource row) => row.Items("status", "containerStatuses")
        .Sum(status => RowSource.At(status, "restartCount") is { ValueKind: JsonValueKind.Number } count ? count.GetInt64() : 0);
}
