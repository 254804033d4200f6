package dev.burstlet.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrategicPatchTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // base | wanted | patch
                "{} | {} | {}",
                "{'a':1} | {'a':1} | {}",
                "{'a':1} | {'a':2} | {'a':2}",
                "{'a':1} | {} | {'a':null}",
                "{'a':[]} | {} | {}",
                "{} | {'a':{}} | {}",
                "{'m':{'x':'1','y':'2'}} | {'m':{'x':'1'}} | {'m':{'y':null}}",
                "{'podIPs':[{'ip':'1'}]} | {'podIPs':[{'ip':'2'}]} |"
                        + " {'podIPs':[{'$patch':'replace'},{'ip':'2'}]}",
                "{'containerStatuses':[{'name':'a','ready':true}]} |"
                        + " {'containerStatuses':[{'name':'a','ready':false}]} |"
                        + " {'containerStatuses':[{'name':'a','ready':false}]}",
                "{'conditions':[{'type':'A','status':'1'},{'type':'B','status':'1'}]} |"
                        + " {'conditions':[{'type':'A','status':'1'},{'type':'B','status':'2'}]} |"
                        + " {'conditions':[{'type':'B','status':'2'}]}",
                "{'conditions':[{'type':'A','message':'m'}]} | {'conditions':[{'type':'A'}]} |"
                        + " {'conditions':[{'type':'A','message':null}]}",
                "{'conditions':[{'type':'A'}]} | {'conditions':[]} |"
                        + " {'conditions':[{'type':'A','$patch':'delete'}]}",
            })
    void holdsWhatDiffers(String base, String wanted, String patch) throws JsonProcessingException {
        assertThat(StrategicPatch.diff(object(base), object(wanted))).isEqualTo(object(patch));
    }

    private static ObjectNode object(String text) throws JsonProcessingException {
        return (ObjectNode) JSON.readTree(text.replace('\'', '"'));
    }
}
