import pickle
def test_dump(blank):
    pickle.dump(blank, open('/tmp/wt/disc/blank.pkl','wb'))
