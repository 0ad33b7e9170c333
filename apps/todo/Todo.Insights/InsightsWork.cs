using Todo.Insights.Providers;
using Todo.Insights.Wire;
using Todo.Language;

namespace Todo.Insights;

/// <summary>
/// One analysis: the embedded analyser always runs, an external provider may replace what it knows better. If it fails, the
/// embedded findings stand and the answer says so.
/// </summary>
internal sealed class InsightsWork(WorkPlaces places, ProviderCall provider)
{
    public async Task<InsightsReply> RunAsync(AnalysisInput input, CancellationToken cancellation)
    {
        Analysis found;
        using (await places.TakeAsync(cancellation))
        {
            found = await Task.Run(() => Analysis.Of(input, cancellation), cancellation);
        }

        // The place is free again: waiting for somebody else keeps no processor busy.
        return InsightsReply.Of(found, await provider.AskAsync(input, found, cancellation));
    }
}
