using System.Text;
using Slipway.Sdk.Tables;

namespace Slipway.Sdk.Tests.Tables;

public sealed class CsvTextTests
{
    [Fact]
    public void Fields_with_commas_quotes_and_line_breaks_come_back_as_they_were()
    {
        var (text, records) = (new StringBuilder(), new List<(int Line, string[] Fields)>());
        string[] fields = ["plain", "a,b", "\"quoted\"", "two\r\nlines", ""];
        CsvText.Write(text, fields);
        CsvText.Write(text, ["x", "y", "z", "1", "2"]);

        Assert.Null(CsvText.Read(text.ToString(), 10, records));

        Assert.Equal(fields, records[0].Fields);
        Assert.Equal(3, records[1].Line);
    }

    [Theory]
    [InlineData("a,\"open")]
    [InlineData("a,b\"c")]
    [InlineData("\"a\"b")]
    public void What_is_no_table_is_said_with_its_line(string text) => Assert.StartsWith("Line 1", CsvText.Read(text, 10, []), StringComparison.Ordinal);

    [Theory]
    [InlineData("=1+1")]
    [InlineData("'=1+1")]
    [InlineData("-1")]
    [InlineData("plain")]
    public void What_a_spreadsheet_would_run_stays_text_and_comes_back(string text)
    {
        Assert.False(CsvText.Guard(text) is ['=' or '-' or '+' or '@', ..]);
        Assert.Equal(text, CsvText.Unguard(CsvText.Guard(text)));
    }
}
