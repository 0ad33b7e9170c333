using FsCheck;
using FsCheck.Fluent;
using Todo.Api.Ordering;

namespace Slipway.TodoApi.Tests.Ordering;

public sealed class RankTests
{
    [Fact]
    public void Between_two_ranks_there_is_always_another() =>
        Properties.Hold(Moves(), moves =>
        {
            var order = new List<string>();
            foreach (var move in moves)
            {
                var at = move % (order.Count + 1);
                order.Insert(at, Rank.Between(at == 0 ? null : order[at - 1], at == order.Count ? null : order[at]));
            }

            return order.SequenceEqual(order.Order(StringComparer.Ordinal)) && order.Distinct().Count() == order.Count && order.TrueForAll(Rank.IsRank);
        });

    [Fact]
    public void Adding_at_an_end_keeps_ranks_short()
    {
        var last = Rank.First;
        var first = Rank.First;
        for (var count = 0; count < 100_000; count++)
        {
            (last, first) = (Rank.Between(last, null), Rank.Between(null, first));
        }

        Assert.True(last.Length <= 8 && first.Length <= 8);
    }

    [Fact]
    public void A_list_spread_out_anew_is_in_order()
    {
        var ranks = Rank.Spread(10_000).ToList();

        Assert.Equal(ranks.Order(StringComparer.Ordinal), ranks);
        Assert.All(ranks, rank => Assert.True(Rank.IsRank(rank)));
    }

    [Fact]
    public void Ends_in_the_wrong_order_are_refused() => Assert.Throws<ArgumentException>(() => Rank.Between("V", "A"));

    private static Gen<int[]> Moves() => Gen.Choose(0, 1000).ArrayOf();
}
