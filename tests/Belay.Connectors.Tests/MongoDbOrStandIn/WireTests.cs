using System.Text.Json;
using Belay.Connectors.MongoDb.Wire;

namespace Belay.Connectors.Tests.MongoDbOrStandIn;

/// <summary>The connector's own code for BSON, Extended JSON and SCRAM, against the examples of their specifications.</summary>
public sealed class WireTests
{
    // https://bsonspec.org/faq.html, and the BSON corpus of https://github.com/mongodb/specifications.
    [Theory]
    [InlineData("160000000268656C6C6F0006000000776F726C640000", """{"hello":"world"}""")]
    [InlineData("0C000000106900FFFFFF7F00", """{"i":{"$numberInt":"2147483647"}}""")]
    [InlineData("10000000126100FFFFFFFFFFFFFF7F00", """{"a":{"$numberLong":"9223372036854775807"}}""")]
    [InlineData("10000000016400000000000000F03F00", """{"d":{"$numberDouble":"1.0"}}""")]
    [InlineData("090000000862000100", """{"b":true}""")]
    [InlineData("080000000A610000", """{"a":null}""")]
    [InlineData("1400000007610056E1FC72E0C917E9C471416100", """{"a":{"$oid":"56e1fc72e0c917e9c4714161"}}""")]
    [InlineData("10000000096100C5D8D6CC3B01000000", """{"a":{"$date":{"$numberLong":"1356351330501"}}}""")]
    [InlineData("100000001161002A00000015CD5B0700", """{"a":{"$timestamp":{"t":123456789,"i":42}}}""")]
    [InlineData("0F0000000578000200000000FFFF00", """{"x":{"$binary":{"base64":"//8=","subType":"00"}}}""")]
    [InlineData("140000000461000C0000001030000A0000000000", """{"a":[{"$numberInt":"10"}]}""")]
    [InlineData("0D000000036100050000000000", """{"a":{}}""")]
    public void A_document_is_read_and_written_as_the_specification_says(string bytes, string text)
    {
        var raw = Convert.FromHexString(bytes);

        Assert.Equal(text, ExtendedJson.ToText(BsonDocument.Parse(raw)));
        Assert.Equal(
            Convert.ToHexString(raw),
            Convert.ToHexString(ExtendedJson.ToBson(JsonElement.Parse(text)).Bytes.Span)
        );
    }

    [Theory]
    [InlineData("180000001364000000000000000000000000000000403000", "0E0")]
    [InlineData("18000000136400D204000000000000000000000000343000", "1234E-6")]
    [InlineData("180000001364000100000000000000000000000000403000", "1E0")]
    [InlineData("18000000136400000000000000000000000000000000F800", "-Infinity")]
    [InlineData("180000001364000000000000000000000000000000007C00", "NaN")]
    public void A_decimal_number_of_128_bits_is_read(string bytes, string digits) =>
        Assert.Equal(
            $$$"""{"d":{"$numberDecimal":"{{{digits}}}"}}""",
            ExtendedJson.ToText(BsonDocument.Parse(Convert.FromHexString(bytes)))
        );

    [Theory]
    [InlineData("04000000")]
    [InlineData("0500000001")]
    [InlineData("FF00000000")]
    public void Bytes_that_are_no_document_are_refused(string bytes) =>
        Assert.Throws<InvalidDataException>(() => BsonDocument.Parse(Convert.FromHexString(bytes)));

    [Fact]
    public void A_member_that_claims_more_bytes_than_there_are_is_refused()
    {
        var document = BsonDocument.Parse(Convert.FromHexString("160000000268656C6C6F00FF000000776F726C640000"));

        Assert.Throws<InvalidDataException>(() => document["hello"]);
    }

    [Fact]
    public void A_question_from_a_plan_is_data_and_never_code()
    {
        const string Evil = """{"_id":"x\"}); db.dropDatabase(); ({\"a\":\"","$where":"sleep(1000)"}""";

        Assert.Equal(Evil, ExtendedJson.ToText(ExtendedJson.ToBson(JsonElement.Parse(Evil))));
    }

    // RFC 7677, section 3.
    [Fact]
    public void A_login_goes_as_in_the_example_of_the_specification()
    {
        var scram = new Scram("user", "pencil", "rOprNGfwEbeRWgbNEkqO");

        Assert.Equal("n,,n=user,r=rOprNGfwEbeRWgbNEkqO", scram.First);
        Assert.Equal(
            "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
            scram.Answer("r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")
        );
        Assert.True(scram.IsServer("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
        Assert.False(scram.IsServer("v=AAAATRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
    }

    [Theory]
    [InlineData("r=somebody-else,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")]
    [InlineData("r=nonce,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")]
    [InlineData("r=nonce-and-more,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1")]
    public void A_server_that_makes_the_login_weaker_gets_no_proof(string serverFirst) =>
        Assert.Throws<InvalidDataException>(() => new Scram("user", "pencil", "nonce").Answer(serverFirst));
}
