using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Cli.Apps;

/// <summary>Which state of its sources each application was last deployed from, kept beside the installation it was deployed to.</summary>
internal sealed class AppRecords(string stateFolder)
{
    private readonly string _path = Path.Combine(stateFolder, "apps.json");

    public string? Find(string app) => (string?)Read()[app];

    public void Keep(string app, string mark)
    {
        var records = Read();
        records[app] = mark;
        var next = $"{_path}.{Environment.ProcessId}";
        File.WriteAllText(next, records.ToJsonString());
        File.Move(next, _path, overwrite: true);
    }

    private JsonObject Read()
    {
        try
        {
            return File.Exists(_path) ? JsonNode.Parse(File.ReadAllText(_path)) as JsonObject ?? [] : [];
        }
        catch (JsonException)
        {
            // Unreadable records cost a deployment that changes nothing.
            return [];
        }
    }
}
