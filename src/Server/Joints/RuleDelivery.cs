using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Logging;
using Slipway.Telemetry.Alerts;

namespace Slipway.Server.Joints;

/// <summary>
/// Puts the rules every installation begins with into the store, through the API like anybody would. Each is put there
/// once: a rule somebody has changed or deleted stays as he left it.
/// </summary>
internal sealed class RuleDelivery(Uri api, string token, string folder, ILogger logger)
{
    private const string Rules = "/apis/monitoring.coreos.com/v1/namespaces/default/prometheusrules";

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    public async Task RunAsync(CancellationToken stopping)
    {
        var book = Path.Combine(folder, "shipped-rules");
        try
        {
            Directory.CreateDirectory(folder);
            var delivered = File.Exists(book) ? (await File.ReadAllLinesAsync(book, stopping)).ToHashSet(StringComparer.Ordinal) : [];
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = api, Timeout = s_limit };
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            foreach (var (name, manifest) in ShippedRules.All().Where(rule => !delivered.Contains(rule.Key)).OrderBy(rule => rule.Key, StringComparer.Ordinal))
            {
                using var body = new StringContent(manifest, Encoding.UTF8, "application/yaml");
                using var answer = await http.PostAsync(Rules, body, stopping);
                if (!answer.IsSuccessStatusCode && answer.StatusCode != HttpStatusCode.Conflict)
                {
                    ServerLog.RulesNotDelivered(logger, name, await answer.Content.ReadAsStringAsync(stopping));
                    continue;
                }

                await File.AppendAllTextAsync(book, $"{name}\n", stopping);
            }
        }
        catch (Exception error) when (error is HttpRequestException or IOException or UnauthorizedAccessException)
        {
            ServerLog.RulesNotDelivered(logger, "all", error.Message);
        }
        catch (OperationCanceledException)
        {
            // The server stops, or its API did not answer; the next start tries again.
        }
    }
}
