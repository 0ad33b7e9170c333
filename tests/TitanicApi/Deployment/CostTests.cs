using System.Globalization;
using System.Text.Json;
using Slipway.Sdk.Hosting;

namespace Slipway.TitanicApi.Tests.Deployment;

/// <summary>The cost page says what the profile says, and the documented sums are told beside the recomputed ones.</summary>
public sealed class CostTests
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "deploy", "titanic", "costs");

    [Fact]
    public async Task The_cost_page_says_what_the_profile_says()
    {
        using var profile = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(s_folder, "profile.json")));
        var page = await File.ReadAllTextAsync(Path.Combine(s_folder, "README.md"));
        var (documented, recomputed) = (0m, 0m);
        foreach (var group in profile.RootElement.GetProperty("groups").EnumerateArray())
        {
            var sum = 0m;
            foreach (var line in group.GetProperty("lines").EnumerateArray())
            {
                var amount = Math.Round(line.GetProperty("quantity").GetDecimal() * decimal.Parse(line.GetProperty("price").GetString()!, CultureInfo.InvariantCulture), 2);
                sum += amount;
                Assert.Contains($"| {line.GetProperty("what").GetString()} | {Money(line.GetProperty("documented").GetDecimal())} | {Money(amount)} |", page, StringComparison.Ordinal);
            }

            Assert.Contains($"| **{group.GetProperty("name").GetString()}** | | **{Money(group.GetProperty("documented").GetDecimal())}** | **{Money(sum)}** |", page, StringComparison.Ordinal);
            documented += group.GetProperty("documented").GetDecimal();
            recomputed += sum;
        }

        Assert.Equal((1002.50m, 1002.45m), (documented, recomputed));
        Assert.Contains($"| **Total** | | **{Money(documented)}** | **{Money(recomputed)}** |", page, StringComparison.Ordinal);
        foreach (var setup in profile.RootElement.GetProperty("setups").EnumerateArray())
        {
            var parts = setup.GetProperty("parts").EnumerateArray().Sum(part => part.GetDecimal());
            Assert.Equal(setup.GetProperty("documented").GetDecimal(), parts);
            Assert.Contains($"| {setup.GetProperty("name").GetString()} | {Money(parts)} | {Money(parts)} |", page, StringComparison.Ordinal);
        }

        foreach (var claim in profile.RootElement.GetProperty("claims").EnumerateArray())
        {
            var value = claim.GetProperty("terms").EnumerateArray().Sum(term => term[0].GetDecimal() * term[1].GetDecimal());
            Assert.Contains($"| {claim.GetProperty("what").GetString()} | {Money(claim.GetProperty("documented").GetDecimal())} | {Money(value)} |", page, StringComparison.Ordinal);
        }
    }

    private static string Money(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);
}
