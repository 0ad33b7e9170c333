using System.Text;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Server.Joints;

/// <summary>
/// Images the registry must keep: every digest that any workload names in its spec or status. That covers what serves,
/// what can be rolled back to, and jobs that run again tomorrow.
/// </summary>
internal static class UsedImages
{
    private const int HexDigits = 64;

    private static readonly ResourceKind[] s_workloads = [Kinds.Service, Kinds.Configuration, Kinds.Revision, Kinds.Job, Kinds.CronJob, Kinds.Pod];

    public static IReadOnlySet<string> Digests(IResourceStore store)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var resource in s_workloads.SelectMany(kind => store.List(kind).Items))
        {
            Collect(resource.Body.Span, found);
        }

        return found;
    }

    private static void Collect(ReadOnlySpan<byte> body, HashSet<string> found)
    {
        var prefix = "sha256:"u8;
        for (var at = body.IndexOf(prefix); at >= 0; at = body.IndexOf(prefix))
        {
            body = body[at..];
            if (body.Length >= prefix.Length + HexDigits)
            {
                found.Add(Encoding.ASCII.GetString(body[..(prefix.Length + HexDigits)]));
            }

            body = body[prefix.Length..];
        }
    }
}
