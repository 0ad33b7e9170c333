using Retail.Payments.Payments;
using Retail.Payments.Provider;

namespace Retail.Payments.Reconciling;

/// <summary>Where our books and the provider's do not say the same.</summary>
internal sealed record Difference(string Kind, Guid? PaymentId, Guid? OrderId, string? ProviderReference, string Ours, string Theirs);

/// <summary>A payment of ours with what its ledger says the provider owes for it.</summary>
internal sealed record OurSide(Payment Payment, long Cleared);

/// <summary>Lays two books side by side. Pure.</summary>
internal static class Comparison
{
    public static IReadOnlyList<Difference> Of(IReadOnlyList<OurSide> ours, IReadOnlyList<ProviderIntent> theirs)
    {
        var differences = new List<Difference>();
        var byReference = ours.Where(side => side.Payment.ProviderReference is not null).ToDictionary(side => side.Payment.ProviderReference!, StringComparer.Ordinal);
        var byOrder = ours.ToDictionary(side => side.Payment.OrderId);
        var seen = new HashSet<Guid>();
        foreach (var intent in theirs)
        {
            var side = byReference.GetValueOrDefault(intent.Reference) ?? (intent.OrderId is { } order ? byOrder.GetValueOrDefault(order) : null);
            if (side is null)
            {
                if (IsMoney(intent))
                {
                    differences.Add(new("unknownHere", null, intent.OrderId, intent.Reference, "", Describe(intent)));
                }

                continue;
            }

            if (side.Payment.ProviderReference is { } known && known != intent.Reference)
            {
                // A second one for the same order holds money that nobody asked for.
                if (IsMoney(intent))
                {
                    differences.Add(new("duplicateThere", side.Payment.Id, side.Payment.OrderId, intent.Reference, known, Describe(intent)));
                }

                continue;
            }

            seen.Add(side.Payment.Id);
            Compare(differences, side, intent);
        }

        differences.AddRange(ours.Where(side => side.Payment.ProviderReference is not null && !seen.Contains(side.Payment.Id) && side.Payment.State.Captured > 0)
            .Select(side => new Difference("missingThere", side.Payment.Id, side.Payment.OrderId, side.Payment.ProviderReference, Amounts.Text(side.Payment.State.Captured), "")));
        return differences;
    }

    private static void Compare(List<Difference> differences, OurSide side, ProviderIntent intent)
    {
        var (payment, state) = (side.Payment, side.Payment.State);
        if (state.Captured != intent.Captured)
        {
            Add("capturedDiffers", Amounts.Text(state.Captured), Amounts.Text(intent.Captured));
        }

        if (state.Refunded != intent.Refunded)
        {
            Add("refundedDiffers", Amounts.Text(state.Refunded), Amounts.Text(intent.Refunded));
        }

        if (side.Cleared != state.Captured - state.Refunded)
        {
            Add("ledgerDiffers", Amounts.Text(side.Cleared), Amounts.Text(state.Captured - state.Refunded));
        }

        var held = intent.Status == ProviderStatus.Authorized;
        if (held != (state.Status == PaymentStatus.Authorized) && state.Captured == intent.Captured)
        {
            Add("statusDiffers", state.Status.Name(), intent.Status.ToString());
        }

        void Add(string kind, string ours, string theirs) => differences.Add(new(kind, payment.Id, payment.OrderId, intent.Reference, ours, theirs));
    }

    private static bool IsMoney(ProviderIntent intent) => intent.Status is ProviderStatus.Authorized or ProviderStatus.Captured;

    private static string Describe(ProviderIntent intent) => $"{intent.Status} {Amounts.Text(intent.Amount)}";
}
