namespace Retail.Payments.Ledger;

/// <summary>Where money can be. Debits are positive, credits negative; all of them together are always zero.</summary>
internal static class Accounts
{
    public const string CustomerReceivable = "customer_receivable";
    public const string ProviderClearing = "provider_clearing";
    public const string Revenue = "revenue";
    public const string Refunds = "refunds";
}

internal sealed record LedgerLine(string Account, int Step, long Amount);

/// <summary>What is written into the books. Pure.</summary>
internal static class LedgerRules
{
    /// <summary>A sale makes the customer owe the amount; the bank's collecting it makes the bank owe it.</summary>
    public static IReadOnlyList<LedgerLine> Capture(long amount) =>
    [
        new(Accounts.CustomerReceivable, 1, amount),
        new(Accounts.Revenue, 1, -amount),
        new(Accounts.ProviderClearing, 2, amount),
        new(Accounts.CustomerReceivable, 2, -amount),
    ];

    /// <summary>A refund makes the shop owe the amount; the bank pays it out of what it owes the shop.</summary>
    public static IReadOnlyList<LedgerLine> Refund(long amount) =>
    [
        new(Accounts.Refunds, 1, amount),
        new(Accounts.CustomerReceivable, 1, -amount),
        new(Accounts.CustomerReceivable, 2, amount),
        new(Accounts.ProviderClearing, 2, -amount),
    ];
}
